import type { Texts } from "../flows/answer.ts";
import { choiceField } from "../flows/fields.ts";
import type { Flow, Step } from "../flows/flow.ts";
import { finishWith } from "../flows/flow.ts";
import type { Choice, OutboundContent } from "../outbox/outbound_content.ts";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import type { Language } from "../session/service_menu.ts";
import type { DescribedApplication } from "../tools/list_applications.ts";
import { sayText, taskId } from "./say_listings.ts";
import { idStep } from "./shared_steps.ts";

const STATES = {
  en: {
    submitted: "waiting for an answer",
    accepted: "accepted",
    declined: "declined",
    withdrawn: "withdrawn",
  },
  fr: { submitted: "en attente", accepted: "acceptée", declined: "refusée", withdrawn: "retirée" },
  sw: {
    submitted: "inasubiri jibu",
    accepted: "imekubaliwa",
    declined: "imekataliwa",
    withdrawn: "imeondolewa",
  },
  rw: {
    submitted: "butegereje igisubizo",
    accepted: "bwemewe",
    declined: "bwanzwe",
    withdrawn: "bwakuweho",
  },
} satisfies { [L in Language]: { [state: string]: string } };

const WORDS = {
  en: { somebody: "Somebody", choose: "Answer", pick: "Choose one to answer." },
  fr: { somebody: "Quelqu'un", choose: "Répondre", pick: "Choisissez pour répondre." },
  sw: { somebody: "Mtu", choose: "Jibu", pick: "Chagua mmoja kumjibu." },
  rw: { somebody: "Umuntu", choose: "Subiza", pick: "Hitamo umwe umusubize." },
} satisfies { [L in Language]: { [key: string]: string } };

/** What the person sent to others, one a line. */
export function sayOwnApplications(
  applications: readonly DescribedApplication[],
  { language, none }: { language: Language; none: Texts },
): OutboundContent[] {
  if (applications.length === 0) return [sayText(none[language])];
  const states: { [state: string]: string } = STATES[language];
  return [sayText(
    applications.map(({ listing_title, state }) => `• ${listing_title}: ${states[state] ?? state}`)
      .join("\n"),
  )];
}

/** Kinds that an agent of their own explains before they are accepted. */
const WHO_ANSWERS: { [kind: string]: FlaggedAgent } = { introduction: "business_broker" };

/** What others sent to the person: a list where one can be answered. */
export function sayReceived(
  applications: readonly DescribedApplication[],
  { agent, language, none }: { agent: FlaggedAgent; language: Language; none: Texts },
): OutboundContent[] {
  const words = WORDS[language];
  const states: { [state: string]: string } = STATES[language];
  if (applications.length === 0) return [sayText(none[language])];
  const line = ({ applicant_name, listing_title, state, details }: DescribedApplication) => {
    const note = typeof details["note"] === "string" ? ` — ${details["note"].slice(0, 200)}` : "";
    return `• ${applicant_name ?? words.somebody}: ${listing_title} (${
      states[state] ?? state
    })${note}`;
  };
  const text = applications.map(line).join("\n");
  const waiting = applications.filter(({ state }) => state === "submitted").slice(0, 10);
  if (waiting.length === 0) return [sayText(text)];
  const rows = waiting.map(({ id, kind, applicant_name, listing_title }): Choice => ({
    id: taskId(WHO_ANSWERS[kind] ?? agent, "answer", { application_id: id }),
    title: applicant_name ?? words.somebody,
    description: listing_title,
  }));
  return [{
    type: "list",
    content: { text: `${text}\n\n${words.pick}`, button: words.choose, sections: [{ rows }] },
  }];
}

const answerStep: Step = {
  ask: {
    en: "Do you accept?",
    fr: "Acceptez-vous ?",
    sw: "Unakubali?",
    rw: "Urabyemera?",
  },
  label: { en: "Answer", fr: "Réponse", sw: "Jibu", rw: "Igisubizo" },
  on_error: {
    en: "Please choose accept or decline.",
    fr: "Choisissez accepter ou refuser.",
    sw: "Tafadhali chagua kubali au kataa.",
    rw: "Hitamo kwemera cyangwa kwanga.",
  },
  ...choiceField([
    {
      value: "accepted",
      title: { en: "Accept", fr: "Accepter", sw: "Kubali", rw: "Emera" },
      words:
        "accept,accepted,yes,oui,accepter,j accepte,ndiyo,kubali,nakubali,yego,emera,ndabyemeye",
    },
    {
      value: "declined",
      title: { en: "Decline", fr: "Refuser", sw: "Kataa", rw: "Anga" },
      words:
        "decline,reject,refuse,no,non,refuser,je refuse,hapana,kataa,nakataa,oya,anga,ndabyanze",
    },
  ], { find: false }),
};

const answered: Texts = {
  en: "The other side has been told.",
  fr: "L'autre personne est prévenue.",
  sw: "Mwenzako ameambiwa.",
  rw: "Undi yabimenyeshejwe.",
};

/** Accepting or declining what somebody sent, for any agent with listings; begun by a row. */
export function answerFlow({ title, confirm }: { title: Texts; confirm: Texts }): Flow {
  return {
    title,
    triggers: { en: "", fr: "", sw: "", rw: "" },
    steps: { application_id: idStep, answer: answerStep },
    confirm,
    finish: finishWith({
      tool: "answer_application",
      input: ({ application_id, answer }) => ({
        application_id: String(application_id),
        answer: answer === "accepted" ? "accepted" as const : "declined" as const,
      }),
      say: ({ language }) => [sayText(answered[language])],
    }),
  };
}
