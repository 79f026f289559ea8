import { Buffer } from "node:buffer";
import * as z from "zod";
import { readOptOutWord } from "../../domain/opt_out/read_opt_out_word.ts";
import { readText } from "../../domain/session/read_text.ts";
import type { Delivery, InboxStore } from "../../ports_messaging.ts";
import type { Database } from "./create_database.ts";

const counts = z.record(z.string(), z.number());
/** Of which deliveries the bytes are sent along, as the last answer said. */
const rawBodies = z.enum(["none", "statuses", "all"]);
type RawBodies = z.output<typeof rawBodies>;
const ingested = z.object({
  code: z.literal("ingested"),
  stored: counts,
  unroutable: counts,
  statuses_applied: z.number(),
  turns: z.array(z.object({ org_id: z.string(), contact_id: z.string() })),
  flags: z.unknown(),
  forwards: z.number(),
  raw_bodies: rawBodies,
});
const answered = z.discriminatedUnion("code", [
  ingested,
  z.object({ code: z.literal("bodies_needed"), raw_bodies: rawBodies }),
]);
const secrets = z.object({
  code: z.literal("read"),
  secrets: z.array(z.object({
    org_id: z.string(),
    phone_number_id: z.string(),
    business_account_id: z.string().nullable(),
    ciphertext: z.string(),
    key_id: z.string(),
  })),
});

/** Codes after which nobody wants to talk to a person any more; the rest is for the record. */
const OPTED_OUT_CODE = 131050;

export function createInboxStore(database: Database): InboxStore {
  // Nobody knows yet who is outside the rollout: the first batch brings everything.
  let wanted: RawBodies = "all";

  async function ingest(
    deliveries: Delivery[],
    rawBodies: RawBodies = wanted,
  ): Promise<z.output<typeof ingested>> {
    const answer = await database.callFunction(
      "ingest_whatsapp",
      buildRequest(deliveries, rawBodies),
      answered,
      { unnamed: true },
    );
    wanted = answer.raw_bodies;
    // Nothing was stored: the flags have changed since the batch before, which is the one time that a
    // delivery takes a second call.
    return answer.code === "ingested" ? answer : await ingest(deliveries, answer.raw_bodies);
  }

  return {
    // Once only: whoever delivers tries again, and finds what was stored.
    async ingestWhatsapp(deliveries) {
      const { stored, unroutable, statuses_applied, turns, forwards, flags } = await ingest(
        deliveries,
      );
      const byPlace = (found: Record<string, number>) =>
        deliveries.map((_, place) => found[place] ?? 0);
      return {
        stored: byPlace(stored),
        unroutable: byPlace(unroutable),
        statuses_applied,
        turns,
        forwards,
        flags,
      };
    },

    async readWebhookSecrets(origins) {
      return (await database.callFunction("read_webhook_secrets", origins, secrets)).secrets;
    },
  };
}

/** One list a table, each entry with `d`, the place of its delivery; what is null is left out. */
function buildRequest(deliveries: Delivery[], raw_bodies: RawBodies): Record<string, unknown> {
  const messages: unknown[] = [];
  const statuses: unknown[] = [];
  const notices: unknown[] = [];
  const opts: unknown[] = [];
  const unparsed: unknown[] = [];
  const bodies: unknown[] = [];
  deliveries.forEach(({ parsed, body, signature, signed_by }, d) => {
    const origin = signed_by === null ? { d } : { d, signed_by };
    if (!parsed.ok) {
      const body_base64 = Buffer.from(body).toString("base64");
      unparsed.push({ ...origin, reason: parsed.reason, body_base64 });
      return;
    }
    for (const message of parsed.messages) {
      messages.push({ ...message, ...origin, i: messages.length });
      const said = readText(message);
      const state = readOptOutWord(said);
      if (state !== null) {
        opts.push({ i: messages.length - 1, state, reason: said.slice(0, 200) });
      }
    }
    for (const status of parsed.statuses) {
      const opted_out = status.error_code === OPTED_OUT_CODE;
      statuses.push(opted_out ? { ...status, ...origin, opted_out } : { ...status, ...origin });
    }
    for (const notice of parsed.notices) notices.push({ ...notice, ...origin });
    const mayLeave = parsed.statuses.length > 0 ||
      (raw_bodies === "all" && parsed.messages.length > 0);
    if (raw_bodies !== "none" && mayLeave) {
      const body_base64 = Buffer.from(body).toString("base64");
      bodies.push({ ...origin, signature, body_base64 });
    }
  });
  return { messages, statuses, notices, opts, unparsed, bodies, raw_bodies };
}
