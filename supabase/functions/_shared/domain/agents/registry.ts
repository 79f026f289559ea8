import type { Lexicon } from "../intent/lexicon.ts";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import { businessBrokerLexicon } from "./business_broker/lexicon.ts";
import { farmerLexicon } from "./farmer/lexicon.ts";
import { insuranceLexicon } from "./insurance/lexicon.ts";
import { jobsLexicon } from "./jobs/lexicon.ts";
import { marketplaceLexicon } from "./marketplace/lexicon.ts";
import { propertyLexicon } from "./property/lexicon.ts";
import { ridesLexicon } from "./rides/lexicon.ts";
import { salesLexicon } from "./sales/lexicon.ts";
import { supportLexicon } from "./support/lexicon.ts";
import { waiterLexicon } from "./waiter/lexicon.ts";

/** What makes an agent; more is added as agents come to do more than be recognised. */
export type AgentDefinition = { lexicon: Lexicon };

/** Every agent that flags know (`domain/rollout`), and no other: the compiler names what is missing. */
export const AGENTS = {
  marketplace: { lexicon: marketplaceLexicon },
  jobs: { lexicon: jobsLexicon },
  property: { lexicon: propertyLexicon },
  farmer: { lexicon: farmerLexicon },
  waiter: { lexicon: waiterLexicon },
  insurance: { lexicon: insuranceLexicon },
  rides: { lexicon: ridesLexicon },
  sales: { lexicon: salesLexicon },
  business_broker: { lexicon: businessBrokerLexicon },
  support: { lexicon: supportLexicon },
} satisfies { [Agent in FlaggedAgent]: AgentDefinition };
