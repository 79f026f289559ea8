import { canonicalJson } from "../sync_plan/canonical_json.ts";
import { MOST_BUTTONS } from "../outbox/fit_content.ts";
import type { Choice, OutboundContent } from "../outbox/outbound_content.ts";
import type { Language } from "../session/service_menu.ts";
import type { Data, Flow, Step } from "./flow.ts";
import { FLOW_WORDS } from "./words.ts";

export type Asking = {
  /** What names the flow in the ids of its answers. */
  name: string;
  flow: Flow;
  language: Language;
  /** Questions in words alone, several at once: no flow is shown (`hybridFlows` off). */
  plain?: boolean;
  /** `YYYY-MM-DD`; known where an answer is. */
  today?: string;
};

/** The id of an answer, good for one question of one flow; `stepKey` tells confirmations apart. */
export function answerId(name: string, key: string, value: string): string {
  return `answer:${name}.${key}:${value}`;
}

/** The database orders the members of objects anew. A confirmation is of what was read back and of nothing else: an older button confirms nothing. */
export function stepKey(step: string, data: Data): string {
  return step === "confirm" ? `confirm-${fingerprint(canonicalJson(data))}` : step;
}

/** The question of a step, with the choices it has. */
export function askStep(
  { name, flow, language, today, plain = false }: Asking,
  { step, data, said = "" }: { step: string; data: Data; said?: string },
): OutboundContent {
  const words = FLOW_WORDS[language];
  const before = said === "" ? "" : `${said}\n\n`;
  const id = (value: string) => answerId(name, stepKey(step, data), value);
  if (step === "confirm") {
    const text = `${before}${readBack(flow, data, { language, today })}\n\n${
      flow.confirm?.[language] ?? ""
    }`;
    return buttons(text, [
      { id: id("yes"), title: words.yes },
      { id: id("no"), title: words.no },
      { id: id("cancel"), title: words.cancel },
    ]);
  }
  if (step === "change") {
    const rows = Object.entries(flow.steps).filter(([each, { told }]) => each in data && !told)
      .map(([each, { label }]) => ({ id: id(each), title: label[language] }));
    return offer(before + words.which, [...rows.slice(0, 9), {
      id: id("cancel"),
      title: words.cancel,
    }], language);
  }
  const asked = flow.steps[step];
  if (asked === undefined) throw new Error(`Cannot ask "${step}": the flow has no such step`);
  if (plain) {
    return { type: "text", content: { text: before + askOpenly(flow, { step, data }, language) } };
  }
  const text = before + asked.ask[language] + (asked.optional ? `\n${words.may_skip}` : "");
  if (asked.choices) {
    return offer(
      text,
      asked.choices.map(({ value, title }) => ({ id: id(value), title: title[language] })),
      language,
    );
  }
  return asked.wants_location
    ? { type: "location_request", content: { text } }
    : { type: "text", content: { text } };
}

/** The question once more, with ways out, for somebody who isn't understood. */
export function offerHelp(
  { name, flow, language, today }: Asking,
  { step, data }: { step: string; data: Data },
): OutboundContent {
  const words = FLOW_WORDS[language];
  const id = (value: string) => answerId(name, stepKey(step, data), value);
  const asked = flow.steps[step];
  // A yes is to what stands above it, and this has a button for one.
  const read = step === "confirm" ? [readBack(flow, data, { language, today })] : [];
  const question = asked?.ask[language] ??
    (step === "confirm" ? flow.confirm?.[language] ?? "" : words.which);
  const options = (asked?.choices ?? []).map(({ title }) => `• ${title[language]}`);
  return buttons([words.stuck, ...read, question, ...options].join("\n"), [
    ...(asked?.optional ? [{ id: id("skip"), title: words.skip }] : []),
    ...(step === "confirm" ? [{ id: id("yes"), title: words.yes }] : []),
    { id: id("cancel"), title: words.cancel },
    { id: "agent:support", title: words.person },
  ]);
}

/** The answers, one a line. */
export function readBack(
  flow: Flow,
  data: Data,
  { language, today }: { language: Language; today?: string | undefined },
): string {
  return Object.entries(flow.steps)
    .filter(([step]) => data[step] !== undefined && data[step] !== null)
    .map(([step, { label, show, choices }]) => ({
      label: label[language],
      shown: showValue({ show, choices }, data[step]!, { language, today }),
    }))
    // Ids show nothing.
    .filter(({ shown }) => shown !== "")
    .map(({ label, shown }) => `${label}: ${shown}`)
    .join("\n");
}

function showValue(
  { show, choices }: { show: Step["show"]; choices: Step["choices"] },
  value: NonNullable<Data[string]>,
  { language, today }: { language: Language; today: string | undefined },
): string {
  if (show) return show(value, language, today);
  const chosen = choices?.find((choice) => choice.value === value);
  if (chosen) return chosen.title[language];
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Everything that is wanted and not known, in one question. */
function askOpenly(
  flow: Flow,
  { step, data }: { step: string; data: Data },
  language: Language,
): string {
  const open = Object.entries(flow.steps)
    .filter(([step, { optional }]) => !(step in data) && !optional);
  const [only] = open;
  if (open.length <= 1 || !only) return (only?.[1] ?? flow.steps[step])?.ask[language] ?? "";
  const lines = open.map(([, { label }]) => `• ${label[language]}`);
  return [FLOW_WORDS[language].missing, ...lines].join("\n");
}

function offer(text: string, choices: Choice[], language: Language): OutboundContent {
  if (choices.length <= MOST_BUTTONS && choices.every(({ title }) => title.length <= 20)) {
    return buttons(text, choices);
  }
  return {
    type: "list",
    content: { text, button: FLOW_WORDS[language].choose, sections: [{ rows: choices }] },
  };
}

function buttons(text: string, choices: Choice[]): OutboundContent {
  return { type: "buttons", content: { text, buttons: choices } };
}

/** FNV-1a: short and the same everywhere; nothing secret depends on it. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193) >>> 0;
  }
  return hash.toString(36);
}
