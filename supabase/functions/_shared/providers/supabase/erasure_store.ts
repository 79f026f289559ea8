import * as z from "zod";
import type { JsonObject } from "../../ports.ts";
import type { ErasureStore } from "../../ports_erasing.ts";
import type { Database } from "./create_database.ts";

const listed = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("listed"),
    name: z.string(),
    places: z.array(z.object({
      place: z.number(),
      table: z.string(),
      told: z.boolean(),
      rows: z.number(),
    })),
  }),
  z.object({ code: z.literal("not_found") }),
]);
const page = z.object({
  code: z.literal("read"),
  rows: z.array(z.custom<JsonObject>((row) => typeof row === "object" && row !== null)),
  last: z.unknown(),
});
const outside = z.object({
  code: z.literal("listed"),
  in_progress: z.number(),
  calls: z.array(z.object({
    id: z.string(),
    vapi_call_id: z.string(),
    recording_storage_path: z.string().nullable(),
  })),
  last: z.string().nullable(),
  call_requests: z.array(z.object({
    id: z.string(),
    intended_at: z.string(),
    intent: z.object({ assistant_id: z.string(), fingerprint: z.string() }).nullable(),
  })),
  files: z.array(z.string()).default([]),
  assistant_ids: z.array(z.string()).default([]),
  knowledge_tool_ids: z.array(z.string()).default([]),
  knowledge_file_ids: z.array(z.string()).default([]),
});
const erased = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("erased"),
    counts: z.record(z.string(), z.number()),
    done: z.boolean(),
  }),
  z.object({
    code: z.enum(["erasable", "not_found", "name_differs", "has_children", "calls_in_progress"]),
  }),
]);

const recorded = z.object({ code: z.enum(["recorded", "not_found"]) });

export function createErasureStore(database: Database): ErasureStore {
  const repeatable = { idempotent: true };
  return {
    listKeptData: (subject) => database.callFunction("list_kept_data", subject, listed, repeatable),
    async readKeptData(input) {
      const { rows, last } = await database.callFunction(
        "read_kept_data",
        input,
        page,
        repeatable,
      );
      return { rows, last: last ?? null };
    },
    async listKeptOutside(input) {
      const { code: _, ...kept } = await database.callFunction(
        "list_kept_outside",
        input,
        outside,
        repeatable,
      );
      return kept;
    },
    // Whatever a lost answer had deleted is not there for the next attempt.
    eraseRows: (input) =>
      database.callFunction(
        isPerson(input) ? "erase_person" : "erase_organization",
        input,
        erased,
        repeatable,
      ),

    recordExport: (input) => database.callFunction("record_export", input, recorded, repeatable),
  };
}

function isPerson(input: object): boolean {
  return ["contact_id", "phone", "bsuid"].some((name) => name in input);
}
