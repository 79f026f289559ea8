import * as z from "zod";
import type { Json } from "../../ports.ts";
import type { Language } from "../session/service_menu.ts";

/** The same sentence in each language that agents speak. */
export type Texts = { [L in Language]: string };

/** What a person said in one turn, as flows read it. */
export type Answer = {
  /** All that was written, one message a line; empty where something was only chosen or shared. */
  text: string;
  folded: string;
  language: Language;
  /** The id of a chosen row or button; what follows `answer:` in it. */
  choice: string | null;
  location: { latitude: number; longitude: number; name: string | null } | null;
  /** Milliseconds since 1970. */
  now: number;
  time_zone: string;
  /** What a price is in where nobody says it, ISO 4217. */
  currency: string;
  /** It was written before the question that waits was asked: its yes confirms nothing. */
  is_early?: boolean;
};

/** Reads an answer as a value, or finds nothing in it. */
export type ReadAnswer<Value extends Json = Json> = (answer: Answer) => Value | undefined;

/** A schema of answers from a function that reads them. */
export function acceptBy<Value extends Json>(read: ReadAnswer<Value>): z.ZodType<Json, Answer> {
  return z.custom<Answer>().transform((answer, context): Json => {
    const value = read(answer);
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: "not understood" });
    return z.NEVER;
  });
}
