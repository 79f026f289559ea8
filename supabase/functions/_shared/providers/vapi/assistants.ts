import * as z from "zod";
import type { Assistant, JsonObject, Vapi } from "../../ports.ts";
import { findOrNull } from "../resilience/find_or_null.ts";
import { parseAnswer } from "../resilience/parse_answer.ts";
import type { Send } from "../resilience/send_request.ts";

/** A page of 1,000 assistants with long prompts. */
const LIST_LIMIT_BYTES = 32 * 1024 * 1024;

const metadata = z.custom<JsonObject>((value) =>
  typeof value === "object" && !Array.isArray(value)
);
const answer = z.looseObject({
  id: z.string().min(1),
  createdAt: z.string(),
  metadata: metadata.nullish().transform((value) => value ?? undefined),
});

type AssistantMethods =
  | "verifyKey"
  | "getAssistant"
  | "listAssistants"
  | "createAssistant"
  | "updateAssistant"
  | "deleteAssistant";

/** `/assistant`: https://docs.vapi.ai/api-reference/assistants */
export function createAssistants(send: Send): Pick<Vapi, AssistantMethods> {
  return {
    async verifyKey() {
      await send({
        operation: "verify_key",
        method: "GET",
        path: "/assistant",
        query: { limit: "1" },
      });
    },

    getAssistant: (id) =>
      findOrNull(
        send({ operation: "get_assistant", method: "GET", path: locate(id) }).then(readAssistant),
      ),

    async listAssistants({ createdAtGt, createdAtLe, limit }) {
      const list = await send({
        operation: "list_assistants",
        method: "GET",
        path: "/assistant",
        query: {
          limit: String(Math.min(limit, 1_000)),
          ...(createdAtGt === undefined ? {} : { createdAtGt }),
          ...(createdAtLe === undefined ? {} : { createdAtLe }),
        },
        answerLimitBytes: LIST_LIMIT_BYTES,
      });
      return parseAnswer("vapi", z.array(z.unknown()), list).map(readAssistant);
    },

    async createAssistant(body) {
      const created = await send({
        operation: "create_assistant",
        method: "POST",
        path: "/assistant",
        body,
      });
      return toAssistant(parseAnswer("vapi", answer, created, { wrote: true }));
    },

    updateAssistant: (id, body) =>
      findOrNull(
        send({ operation: "update_assistant", method: "PATCH", path: locate(id), body })
          .then((updated) => toAssistant(parseAnswer("vapi", answer, updated, { wrote: true }))),
      ),

    async deleteAssistant(id) {
      await findOrNull(
        send({ operation: "delete_assistant", method: "DELETE", path: locate(id) }),
      );
    },
  };
}

function locate(id: string): string {
  return `/assistant/${encodeURIComponent(id)}`;
}

function readAssistant(body: unknown): Assistant {
  return toAssistant(parseAnswer("vapi", answer, body));
}

function toAssistant({ metadata, ...rest }: z.infer<typeof answer>): Assistant {
  return metadata === undefined ? rest : { ...rest, metadata };
}
