import * as z from "zod";

/** Line breaks and tabs are text; other control characters and half characters are accidents. */
const ACCIDENTS = /[\p{Surrogate}]|[^\P{Cc}\t\n\r]/u;

const text = (minimum: number, maximum: number) =>
  z.string()
    .refine(
      // Not zod's own, which counts characters.
      ({ length }) => length >= minimum && length <= maximum,
      `must have ${minimum} to ${maximum} characters`,
    )
    .refine((value) => !ACCIDENTS.test(value), "must not contain control characters");

const line = (maximum: number) =>
  z.string().transform((value) => value.trim()).pipe(
    text(1, maximum).refine((value) => !/[\r\n]/.test(value), "must be a single line"),
  );

const range = (minimum: number, maximum: number) =>
  z.number()
    .min(minimum, `must be between ${minimum} and ${maximum}`)
    .max(maximum, `must be between ${minimum} and ${maximum}`);

const DURATION = "must be a whole number of seconds from 60 to 43200";

/**
 * One schema a column. Lengths are in UTF-16 units: should Vapi count a name's 40 in characters, it
 * takes whatever is taken here, and nothing has to be cut.
 */
export const VALUE_SCHEMAS = {
  name: line(40),
  system_prompt: text(1, 50_000),
  first_message: text(1, 2_000),
  voice: line(256),
  voice_provider: line(50),
  // The database keeps three digits.
  voice_stability: range(0, 1).transform((value) => Math.round(value * 1000) / 1000),
  voice_similarity_boost: range(0, 1).transform((value) => Math.round(value * 1000) / 1000),
  language: z.string().max(35, "must be a language tag of at most 35 characters")
    .transform((value) => value.trim().replaceAll("_", "-"))
    .pipe(
      z.string().regex(
        /^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$/,
        'must be a language tag, such as "en" or "fr-CA"',
      ),
    )
    .transform(writeTag),
  max_call_duration: z.number(DURATION).int(DURATION).min(60, DURATION).max(43_200, DURATION),
  vapi_phone_number_id: z.string().trim().regex(
    /^[A-Za-z0-9_-]{1,100}$/,
    "must be the id of a phone number at Vapi",
  ),
};

/** As tags are written: language in lower case, region in upper case, script with a capital. */
function writeTag(tag: string): string {
  return tag.split("-").map((part, index) =>
    index === 0
      ? part.toLowerCase()
      : part.length === 2
      ? part.toUpperCase()
      : part.length === 4 && /^[a-z]/i.test(part)
      ? part.charAt(0).toUpperCase() + part.slice(1).toLowerCase()
      : part
  ).join("-");
}
