import * as z from "zod";
import type { JsonObject } from "../../ports.ts";
import type { VapiFile, VapiKnowledge } from "../../ports_knowledge_sync.ts";
import { findOrNull } from "../resilience/find_or_null.ts";
import { parseAnswer } from "../resilience/parse_answer.ts";
import type { Send } from "../resilience/send_request.ts";

/** Vapi has no pages of files. */
const LIST_LIMIT_BYTES = 32 * 1024 * 1024;
/** A list has to name one, and shows the files that were uploaded with it. */
const PURPOSE = "assistant";

const answer = z.object({
  id: z.string().min(1),
  // Those of long ago have none.
  status: z.enum(["processing", "done", "failed"]).default("done"),
  createdAt: z.string(),
  metadata: z.custom<JsonObject>((value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
  ).nullish().transform((value) => value ?? {}),
});

type FileMethods = "uploadFile" | "getFile" | "listFiles" | "deleteFile";

/** `/file`: https://docs.vapi.ai/api-reference/files */
export function createFiles(send: Send): Pick<VapiKnowledge, FileMethods> {
  return {
    async uploadFile({ name, content, mimeType, metadata }) {
      const form = new FormData();
      form.set("file", new File([content], name, { type: mimeType }));
      form.set("purpose", PURPOSE);
      form.set("metadata", JSON.stringify(metadata));
      const uploaded = await send({
        operation: "upload_file",
        method: "POST",
        path: "/file",
        form,
      });
      return parseAnswer("vapi", answer, uploaded, { wrote: true });
    },

    getFile: (id) =>
      findOrNull(
        send({ operation: "get_file", method: "GET", path: locate(id) })
          .then((file): VapiFile => parseAnswer("vapi", answer, file)),
      ),

    async listFiles() {
      const list = await send({
        operation: "list_files",
        method: "GET",
        path: "/file",
        query: { purpose: PURPOSE },
        answerLimitBytes: LIST_LIMIT_BYTES,
      });
      return parseAnswer("vapi", z.array(answer), list);
    },

    async deleteFile(id) {
      await findOrNull(send({ operation: "delete_file", method: "DELETE", path: locate(id) }));
    },
  };
}

function locate(id: string): string {
  return `/file/${encodeURIComponent(id)}`;
}
