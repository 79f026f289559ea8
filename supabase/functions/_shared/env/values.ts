import * as z from "zod";
import { LOG_LEVELS, type LogLevel } from "../log.ts";

export const text = z.string();

export const address = z.string().transform((value, context) => {
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) {
    return value.replace(/\/+$/, "");
  }
  context.addIssue("must be an http or https address");
  return z.NEVER;
});

export const list = z.string().transform((value, context) => {
  const items = value.split(",").map((item) => item.trim()).filter((item) => item !== "");
  if (items.length === 0) {
    context.addIssue("must hold at least one value, separated by commas");
  }
  return items;
});

export const truth = z.string().transform((value, context) => {
  if (/^(?:true|1|on|yes)$/i.test(value)) return true;
  if (/^(?:false|0|off|no)$/i.test(value)) return false;
  context.addIssue("must be true or false");
  return z.NEVER;
});

export const embeddingProvider = z.enum(["gemini", "built_in", "none"], {
  error: "must be gemini, built_in or none",
});

export const level = z.string().transform((value, context): LogLevel => {
  const upper = value.toUpperCase();
  const found = LOG_LEVELS.find((known) => known === (upper === "WARNING" ? "WARN" : upper));
  if (found) return found;
  context.addIssue(`must be one of ${LOG_LEVELS.join(", ")}`);
  return z.NEVER;
});

export function whole(minimum: number, maximum: number) {
  return z.string().transform((value, context) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= minimum && number <= maximum) {
      return number;
    }
    context.addIssue(`must be a whole number from ${minimum} to ${maximum}`);
    return z.NEVER;
  });
}

/** `shape` describes the value for people; neither it nor an error ever holds the value itself. */
function json<T>(schema: z.ZodType<T>, shape: string) {
  return z.string().transform((value, context) => {
    try {
      const parsed = schema.safeParse(JSON.parse(value));
      if (parsed.success) return parsed.data;
    } catch {
      // JSON.parse quotes what it refuses, so its message is not used.
    }
    context.addIssue(`must be JSON like ${shape}`);
    return z.NEVER;
  });
}

export const namedKeys = json(
  z.record(z.string(), z.string().min(1)),
  `{"default": "sb_…"}`,
);

export const keySet = json(
  z.union([
    z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) }),
    z.array(z.looseObject({ kty: z.string() })).transform((keys) => ({ keys })),
  ]),
  `{"keys": [{"kty": …}]}`,
);

export type CredentialKey = { id: string; key: Uint8Array };

// A name of digits alone is refused, because JSON.parse moves those to the front of an object.
export const credentialKeys = json(
  z.record(z.string().regex(/^(?!\d+$)[\w.-]{1,64}$/), z.base64()).transform(
    (keys, context): CredentialKey[] => {
      const entries = Object.entries(keys).map(([id, value]) => ({
        id,
        key: Uint8Array.from(
          atob(value),
          (character) => character.charCodeAt(0),
        ),
      }));
      if (
        entries.length === 0 || entries.some(({ key }) => key.length !== 32)
      ) {
        context.addIssue("keys of 32 bytes");
      }
      return entries;
    },
  ),
  `{"key-2026-11": "<base64 of 32 bytes>"}, names not of digits alone`,
);

export const graphVersion = z.string().regex(
  /^v\d+\.\d+$/,
  "must be like v26.0",
);

export const signaturePayload = z.enum(["timestamp.body", "body"], {
  error: "must be timestamp.body or body",
});
