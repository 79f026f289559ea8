import * as z from "zod";
import type { VapiKnowledge, VapiTool } from "../../ports_knowledge_sync.ts";
import { findOrNull } from "../resilience/find_or_null.ts";
import { parseAnswer } from "../resilience/parse_answer.ts";
import type { Send } from "../resilience/send_request.ts";

const LIST_LIMIT_BYTES = 32 * 1024 * 1024;

const answer = z.object({
  id: z.string().min(1),
  type: z.string(),
  createdAt: z.string(),
  function: z.object({ name: z.string().nullish() }).nullish(),
  knowledgeBases: z.array(z.object({
    name: z.string().default(""),
    fileIds: z.array(z.string()).default([]),
  })).nullish(),
});

type ToolMethods = "listTools" | "getTool" | "createTool" | "updateTool" | "deleteTool";

/** `/tool`: https://docs.vapi.ai/api-reference/tools */
export function createTools(send: Send): Pick<VapiKnowledge, ToolMethods> {
  return {
    async listTools({ createdAtGt, limit }) {
      const list = await send({
        operation: "list_tools",
        method: "GET",
        path: "/tool",
        query: {
          limit: String(Math.min(limit, 1_000)),
          ...(createdAtGt === undefined ? {} : { createdAtGt }),
        },
        answerLimitBytes: LIST_LIMIT_BYTES,
      });
      return parseAnswer("vapi", z.array(z.unknown()), list).map(readTool);
    },

    getTool: (id) =>
      findOrNull(
        send({ operation: "get_tool", method: "GET", path: locate(id) }).then(readTool),
      ),

    async createTool(body) {
      const created = await send({ operation: "create_tool", method: "POST", path: "/tool", body });
      return toTool(parseAnswer("vapi", answer, created, { wrote: true }));
    },

    updateTool: (id, body) =>
      findOrNull(
        send({ operation: "update_tool", method: "PATCH", path: locate(id), body })
          .then((updated) => toTool(parseAnswer("vapi", answer, updated, { wrote: true }))),
      ),

    async deleteTool(id) {
      await findOrNull(send({ operation: "delete_tool", method: "DELETE", path: locate(id) }));
    },
  };
}

function locate(id: string): string {
  return `/tool/${encodeURIComponent(id)}`;
}

function readTool(body: unknown): VapiTool {
  return toTool(parseAnswer("vapi", answer, body));
}

function toTool({ id, type, createdAt, ...rest }: z.infer<typeof answer>): VapiTool {
  return {
    id,
    type,
    createdAt,
    name: rest.function?.name ?? null,
    knowledgeBases: rest.knowledgeBases ?? [],
  };
}
