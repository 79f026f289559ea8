import * as z from "zod";
import type {
  Clock,
  ConnectOptions,
  RecordProviderCall,
  Whatsapp,
  WhatsappSecrets,
} from "../../ports.ts";
import type { Policy } from "../resilience/create_policy.ts";
import { parseAnswer } from "../resilience/parse_answer.ts";
import { createSender, type Fetch } from "../resilience/send_request.ts";
import { readGraphRefusal } from "./read_graph_refusal.ts";

export type WhatsappConfig = ConnectOptions & {
  baseUrl: string;
  /** As `v26.0`. */
  version: string;
  secrets: WhatsappSecrets;
  policy: Policy;
  record: RecordProviderCall;
  clock?: Clock;
};

const phoneNumber = z.object({
  id: z.string(),
  display_phone_number: z.string(),
  verified_name: z.string().nullish(),
  quality_rating: z.string().nullish(),
});
const phoneNumbers = z.object({ data: z.array(z.object({ id: z.string() })) });
const subscriptions = z.object({
  data: z.array(
    z.object({ whatsapp_business_api_data: z.object({ id: z.string() }) }),
  ),
});
const success = z.object({ success: z.literal(true) });

/** The Cloud API's management side: https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account */
export function createWhatsapp(
  config: WhatsappConfig,
  fetch: Fetch = globalThis.fetch,
): Whatsapp {
  const {
    baseUrl,
    version,
    secrets,
    policy,
    record,
    signal,
    clock = Date.now,
  } = config;
  const send = createSender({
    provider: "whatsapp",
    baseUrl,
    headers: { authorization: `Bearer ${secrets.access_token}` },
    secrets: [
      secrets.access_token,
      ...(secrets.app_secret === null ? [] : [secrets.app_secret]),
    ],
    record,
    ...(signal === undefined ? {} : { signal }),
    readRefusal: readGraphRefusal,
  }, { policy, fetch, clock });
  const locate = (id: string, edge = "") =>
    `/${encodeURIComponent(version)}/${encodeURIComponent(id)}${edge}`;

  return {
    async readPhoneNumber(id) {
      const answer = await send({
        operation: "read_phone_number",
        method: "GET",
        path: locate(id),
        query: {
          fields: "id,display_phone_number,verified_name,quality_rating",
        },
      });
      const number = parseAnswer("whatsapp", phoneNumber, answer);
      return {
        id: number.id,
        display_phone_number: number.display_phone_number,
        verified_name: number.verified_name ?? "",
        quality_rating: number.quality_rating ?? "UNKNOWN",
      };
    },

    async readBusinessAccount(id) {
      const answer = await send({
        operation: "read_business_account",
        method: "GET",
        path: locate(id, "/phone_numbers"),
        query: { fields: "id", limit: "1000" },
      });
      const numbers = parseAnswer("whatsapp", phoneNumbers, answer);
      return { id, phone_number_ids: numbers.data.map((number) => number.id) };
    },

    async subscribe(id) {
      const answer = await send({
        operation: "subscribe",
        method: "POST",
        path: locate(id, "/subscribed_apps"),
        idempotent: true,
      });
      parseAnswer("whatsapp", success, answer, { wrote: true });
    },

    async readSubscriptions(id) {
      const answer = await send({
        operation: "read_subscriptions",
        method: "GET",
        path: locate(id, "/subscribed_apps"),
      });
      return parseAnswer("whatsapp", subscriptions, answer).data
        .map((subscription) => ({
          app_id: subscription.whatsapp_business_api_data.id,
        }));
    },

    async unsubscribe(id) {
      const answer = await send({
        operation: "unsubscribe",
        method: "DELETE",
        path: locate(id, "/subscribed_apps"),
      });
      parseAnswer("whatsapp", success, answer, { wrote: true });
    },
  };
}
