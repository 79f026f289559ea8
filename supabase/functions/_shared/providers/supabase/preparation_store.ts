import * as z from "zod";
import type { PreparationStore } from "../../ports_documents.ts";
import type { Database } from "./create_database.ts";
import { onlyCode } from "./rows.ts";

const version = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("read"),
    storage_path: z.string(),
    file_name: z.string().nullable(),
    mime_type: z.string().nullable(),
    next_page: z.number().nullable(),
    content: z.string(),
  }),
  onlyCode("gone"),
]);
const recorded = onlyCode("recorded", "gone");
const indexed = onlyCode("indexed", "gone", "duplicate");
const leftovers = z.object({
  code: z.literal("listed"),
  files: z.array(z.object({
    org_id: z.string(),
    document_id: z.string(),
    version: z.number(),
    storage_path: z.string(),
  })),
});

export function createPreparationStore(database: Database): PreparationStore {
  const idempotent = true;
  return {
    readVersion: (input) =>
      database.callFunction("read_knowledge_version", input, version, { idempotent }),

    // Said twice, the second answer would be `gone`, which ends the work: the queue repeats it instead.
    recordPages: (input) => database.callFunction("record_knowledge_pages", input, recorded),

    indexVersion: (input) =>
      database.callFunction("index_knowledge_version", input, indexed, { idempotent }),

    failVersion: (input) =>
      database.callFunction("fail_knowledge_version", input, recorded, { idempotent }),

    async listLeftovers(input) {
      const { files } = await database.callFunction("list_knowledge_leftovers", input, leftovers, {
        idempotent,
      });
      return files;
    },

    async forgetLeftovers(input) {
      await database.callFunction("forget_knowledge_leftovers", input, onlyCode("forgotten"), {
        idempotent,
      });
    },
  };
}
