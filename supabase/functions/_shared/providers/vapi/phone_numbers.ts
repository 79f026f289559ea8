import * as z from "zod";
import type { JsonObject, Vapi, VapiPhoneNumber } from "../../ports.ts";
import { findOrNull } from "../resilience/find_or_null.ts";
import { parseAnswer } from "../resilience/parse_answer.ts";
import type { Send } from "../resilience/send_request.ts";

const PAGE = 1_000;

const object = z.custom<JsonObject>((value) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
);
/** Not loose on purpose: answers may echo Twilio's secrets, and what is not named here is dropped. */
const answer = z.object({
  id: z.string().min(1),
  number: z.string().nullish(),
  provider: z.string().optional(),
  assistantId: z.string().nullish(),
  server: object.nullish(),
  fallbackDestination: object.nullish(),
  name: z.string().nullish(),
});

type PhoneNumberMethods =
  | "listPhoneNumbers"
  | "importPhoneNumber"
  | "updatePhoneNumber"
  | "deletePhoneNumber";

/** `/phone-number`: https://docs.vapi.ai/api-reference/phone-numbers */
export function createPhoneNumbers(send: Send): Pick<Vapi, PhoneNumberMethods> {
  return {
    async listPhoneNumbers() {
      const list = await send({
        operation: "list_phone_numbers",
        method: "GET",
        path: "/phone-number",
        query: { limit: String(PAGE) },
      });
      return parseAnswer("vapi", z.array(answer), list).map(toPhoneNumber);
    },

    async importPhoneNumber(body) {
      const imported = await send({
        operation: "import_phone_number",
        method: "POST",
        path: "/phone-number",
        body,
      });
      return toPhoneNumber(parseAnswer("vapi", answer, imported, { wrote: true }));
    },

    updatePhoneNumber: (id, body) =>
      findOrNull(
        send({ operation: "update_phone_number", method: "PATCH", path: locate(id), body })
          .then((updated) => toPhoneNumber(parseAnswer("vapi", answer, updated, { wrote: true }))),
      ),

    async deletePhoneNumber(id) {
      await findOrNull(
        send({ operation: "delete_phone_number", method: "DELETE", path: locate(id) }),
      );
    },
  };
}

function locate(id: string): string {
  return `/phone-number/${encodeURIComponent(id)}`;
}

function toPhoneNumber(number: z.infer<typeof answer>): VapiPhoneNumber {
  return {
    id: number.id,
    number: number.number ?? null,
    provider: number.provider ?? "unknown",
    assistantId: number.assistantId ?? null,
    server: number.server ?? null,
    fallbackDestination: number.fallbackDestination ?? null,
    ...(typeof number.name === "string" ? { name: number.name } : {}),
  };
}
