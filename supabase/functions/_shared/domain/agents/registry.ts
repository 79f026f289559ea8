import type { Lexicon } from "../intent/lexicon.ts";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import type { AgentDefinition } from "./agent.ts";
import { businessBroker } from "./business_broker/definition.ts";
import { businessBrokerLexicon } from "./business_broker/lexicon.ts";
import { farmer } from "./farmer/definition.ts";
import { farmerLexicon } from "./farmer/lexicon.ts";
import { insurance } from "./insurance/definition.ts";
import { insuranceLexicon } from "./insurance/lexicon.ts";
import { jobs } from "./jobs/definition.ts";
import { jobsLexicon } from "./jobs/lexicon.ts";
import { marketplace } from "./marketplace/definition.ts";
import { marketplaceLexicon } from "./marketplace/lexicon.ts";
import { property } from "./property/definition.ts";
import { propertyLexicon } from "./property/lexicon.ts";
import { rides } from "./rides/definition.ts";
import { ridesLexicon } from "./rides/lexicon.ts";
import { sales } from "./sales/definition.ts";
import { salesLexicon } from "./sales/lexicon.ts";
import { support } from "./support/definition.ts";
import { supportLexicon } from "./support/lexicon.ts";
import { waiter } from "./waiter/definition.ts";
import { waiterLexicon } from "./waiter/lexicon.ts";

/** How an agent is recognised, and what it is. */
export type Agent = { lexicon: Lexicon; definition: AgentDefinition };

/** Every agent that flags know (`domain/rollout`), and no other: the compiler names what is missing. */
export const AGENTS = {
  marketplace: { lexicon: marketplaceLexicon, definition: marketplace },
  jobs: { lexicon: jobsLexicon, definition: jobs },
  property: { lexicon: propertyLexicon, definition: property },
  farmer: { lexicon: farmerLexicon, definition: farmer },
  waiter: { lexicon: waiterLexicon, definition: waiter },
  insurance: { lexicon: insuranceLexicon, definition: insurance },
  rides: { lexicon: ridesLexicon, definition: rides },
  sales: { lexicon: salesLexicon, definition: sales },
  business_broker: { lexicon: businessBrokerLexicon, definition: businessBroker },
  support: { lexicon: supportLexicon, definition: support },
} satisfies { [Name in FlaggedAgent]: Agent };

export function findAgent(name: FlaggedAgent): AgentDefinition {
  return AGENTS[name].definition;
}
