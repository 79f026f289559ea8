import type * as z from "zod";
import type { Json, JsonObject } from "../../ports.ts";
import type { OutboundContent } from "../outbox/outbound_content.ts";
import type { Language } from "../session/service_menu.ts";
import type { ToolName, TOOLS } from "../tools/registry.ts";
import type { ToolOutput } from "../tools/tool.ts";
import type { Answer, ReadAnswer, Texts } from "./answer.ts";

/** What was answered so far, by step. What was skipped is null. */
export type Data = JsonObject;

/** One question of a flow. */
export type Step = {
  ask: Texts;
  /** What the answer is called where answers are read back: "Price". */
  label: Texts;
  /** What counts as an answer to the question itself: the value, or an issue. */
  accept: z.ZodType<Json, Answer>;
  /**
   * The value where it can be nothing else, whatever was asked: "3 bedrooms", "200k". It fills steps
   * before they are asked and corrects them afterwards. Steps without it take answers only when asked.
   */
  find?: ReadAnswer;
  /** The answer after a word about it, where answers are read back: "add a coke", "no, 3 beers". */
  revise?: (answer: Answer, before: Json) => Json | undefined;
  /** Said when an answer isn't understood, before the question comes again. */
  on_error: Texts;
  /** Offered as buttons up to three, as a list up to ten; the value is what `accept` gives. */
  choices?: readonly { value: string; title: Texts }[];
  /** Asks for a shared location; names of places are accepted as well. */
  wants_location?: true;
  /** Comes from a tool or a row: it is read back and isn't offered to be changed. */
  told?: true;
  /** Takes whatever is written, though it has `find`: what it says of others corrects no answer. */
  prose?: true;
  /** An amount with its currency: prose that mentions money doesn't answer it. */
  money?: true;
  /** May be skipped. */
  optional?: true;
  /** The step that follows; the next that isn't answered where it is left out, null for the end. */
  next?: (data: Data) => string | null;
  /** How an answer is read back; `today`: `YYYY-MM-DD`, where it is known. */
  show?: (value: Json, language: Language, today?: string) => string;
};

export type SayInput<Output> = {
  output: Output;
  data: Data;
  language: Language;
  /** The services that are switched on, as a list. */
  menu: OutboundContent;
};

/** The task that follows at once, with what is known of it: a price is confirmed once it is known. */
export type NextTask = { flow: string; known: Data; said?: string };

/** What a finished flow does: one tool call, and what is said about it. */
export type Finish = {
  tool: ToolName;
  input: (data: Data, context: FinishContext) => JsonObject;
  /** At most one of the replies has buttons or a list. */
  say: (input: SayInput<ToolOutput>) => OutboundContent[];
  /** Instead of saying anything: another task of the same agent; null for none. */
  then?: (input: SayInput<ToolOutput>) => NextTask | null;
};

export type FinishContext = { language: Language; currency: string; now: number };

/** A task of an agent as data: what is asked, what it comes to. Steps are asked in their order. */
export type Flow = {
  title: Texts;
  /** Phrases that begin it, commas between them; folded whole words count, longer ones more. */
  triggers: Texts;
  steps: { [name: string]: Step };
  /** What is asked before anything is written, above the answers read back; null: nothing is. */
  confirm: Texts | null;
  /** The task that told what this one confirms, such as a price: begun again where an answer is changed. */
  revised_by?: string;
  finish: Finish;
};

/** The names that a flow's own steps may not have. */
export const RESERVED_STEPS = ["confirm", "change"] as const;

/** Types a finish by its tool's own schemas. */
export function finishWith<Name extends ToolName>(finish: {
  tool: Name;
  input: (data: Data, context: FinishContext) => z.input<typeof TOOLS[Name]["input"]>;
  say: (input: SayInput<z.output<typeof TOOLS[Name]["output"]>>) => OutboundContent[];
  then?: (input: SayInput<z.output<typeof TOOLS[Name]["output"]>>) => NextTask | null;
}): Finish {
  return finish as unknown as Finish;
}
