import * as z from "zod";
import type { DeadLetterStore } from "../../ports_dead_letters.ts";
import type { Database } from "./create_database.ts";
import { jsonObject, onlyCode } from "./rows.ts";

const source = z.enum(["whatsapp", "vapi", "outbox", "job", "legacy"]);
const named = { source, source_id: z.string() };
const listed = z.object({
  code: z.literal("listed"),
  letters: z.array(z.object({
    id: z.string(),
    org_id: z.string().nullable(),
    ...named,
    reason: z.string(),
    attempts: z.number(),
    dead_lettered_at: z.string(),
    replayed_at: z.string().nullable(),
    dismissed_at: z.string().nullable(),
    dismissal_reason: z.string().nullable(),
  })),
});
const replayed = z.discriminatedUnion("code", [
  z.object({ code: z.literal("replayed"), ...named }),
  z.object({
    code: z.literal("to_process"),
    ...named,
    org_id: z.string().nullable(),
    payload: jsonObject,
  }),
  z.object({ code: z.enum(["already_replayed", "gone"]), ...named }),
  z.object({ code: z.literal("not_found") }),
]);

const dismissed = z.discriminatedUnion("code", [
  z.object({ code: z.enum(["dismissed", "already_replayed"]), ...named }),
  z.object({ code: z.literal("not_found") }),
]);

export function createDeadLetterStore(database: Database): DeadLetterStore {
  return {
    async listDeadLetters({ before, ...input }) {
      const from = typeof before === "string"
        ? { before }
        : { before_at: before?.at ?? null, before_id: before?.id ?? null };
      const request = { ...input, ...from };
      const { letters } = await database.callFunction("list_dead_letters", request, listed, {
        idempotent: true,
      });
      return letters;
    },

    // Not repeated by itself: the second answer would be that it was done already.
    replayDeadLetter: (input) => database.callFunction("replay_dead_letter", input, replayed),

    async recordReplay(input) {
      await database.callFunction("record_replay", input, onlyCode("recorded", "not_found"), {
        idempotent: input.error === null,
      });
    },

    dismissDeadLetter: (input) =>
      database.callFunction("dismiss_dead_letter", input, dismissed, { idempotent: true }),
  };
}
