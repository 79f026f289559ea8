import type { ListingDomain } from "../../ports_agents.ts";
import type { Texts } from "../flows/answer.ts";
import { finishWith, type Flow } from "../flows/flow.ts";
import type { OutboundContent } from "../outbox/outbound_content.ts";
import type { Language } from "../session/service_menu.ts";
import type { DescribedListing } from "../tools/describe_listing.ts";
import { describeShortly, sayText, taskId } from "./say_listings.ts";
import { texts } from "./shared_texts.ts";

const TITLE = texts("My matches", "Mes correspondances", "Zinazolingana", "Ibihuye");
const NONE = texts(
  "Nothing matches what you listed at the moment. I'll tell you as soon as something does.",
  "Rien ne correspond à vos annonces pour le moment. Je vous préviens dès que ce sera le cas.",
  "Hakuna kinacholingana na matangazo yako kwa sasa. Nitakuambia mara kikipatikana.",
  "Nta gihuye n'amatangazo yawe ubu. Nzakubwira nikiboneka.",
);
const FOUND = texts(
  "These match what you listed. Choose one to see more.",
  "Ceci correspond à vos annonces. Choisissez pour en voir plus.",
  "Hizi zinalingana na ulichotangaza. Chagua moja kuona zaidi.",
  "Ibi bihuye n'ibyo watangaje. Hitamo kimwe urebe ibindi.",
);
const SEE: Texts = texts("See", "Voir", "Ona", "Reba");

/** The words that whoever is told of a match is told to write (`agent_texts`), and their kin. */
const TRIGGERS = texts(
  "matches,my matches,match,my match,see matches,see my matches,show matches,show my matches,show me my matches",
  "correspondances,mes correspondances,correspondance,voir mes correspondances",
  "zinazolingana,vinavyolingana,zinazolingana na zangu,ona zinazolingana,nionyeshe zinazolingana",
  "ibihuye,ibihuye n ibyanjye,reba ibihuye,nyereka ibihuye,ibyahuye",
);

/** What fits the person's own listings, of all services: who was told of it need not know whose it is. */
export const MATCH_FLOW: Flow = {
  title: TITLE,
  triggers: TRIGGERS,
  steps: {},
  confirm: null,
  finish: finishWith({
    tool: "list_matches",
    input: () => ({}),
    say: ({ output: { matches }, language }) => sayMatches(matches, language),
  }),
};

function sayMatches(
  matches: readonly { own_title: string; listing: DescribedListing }[],
  language: Language,
): OutboundContent[] {
  if (matches.length === 0) return [sayText(NONE[language])];
  const rows = matches.map(({ own_title, listing }) => ({
    id: taskId(listing.domain as ListingDomain, "view", { listing_id: listing.id }),
    title: listing.title,
    description: [describeShortly(listing, language), own_title].filter(Boolean).join(" · "),
  }));
  return [{
    type: "list",
    content: { text: FOUND[language], button: SEE[language], sections: [{ rows }] },
  }];
}
