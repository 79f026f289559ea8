import * as z from "zod";
import { INBOUND_TYPES } from "../../ports_messaging.ts";
import type {
  ClaimedSend,
  ClaimedTurn,
  RememberedMessage,
  SenderRow,
  SessionRow,
  WaitingMessage,
} from "../../ports_messaging.ts";
import { jsonObject } from "./rows.ts";

const text = z.string().nullable();
const recipient = { phone: text, bsuid: text, opted_out: z.boolean(), last_inbound_at: text };

const choice = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string().exactOptional(),
});
const envelope = {
  id: z.string(),
  kind: z.enum(["reply", "initiated"]),
  attempts: z.number(),
  reply_to_wamid: text,
  correlation_id: text,
};
const outboundMessage = z.discriminatedUnion("type", [
  z.object({
    ...envelope,
    type: z.literal("text"),
    content: z.object({ text: z.string(), preview_url: z.boolean().exactOptional() }),
  }),
  z.object({
    ...envelope,
    type: z.literal("buttons"),
    content: z.object({
      text: z.string(),
      footer: z.string().exactOptional(),
      buttons: z.array(choice),
    }),
  }),
  z.object({
    ...envelope,
    type: z.literal("list"),
    content: z.object({
      header: z.string().exactOptional(),
      text: z.string(),
      footer: z.string().exactOptional(),
      button: z.string(),
      sections: z.array(z.object({
        title: z.string().exactOptional(),
        rows: z.array(choice),
      })),
    }),
  }),
  z.object({
    ...envelope,
    type: z.literal("location_request"),
    content: z.object({ text: z.string() }),
  }),
  z.object({
    ...envelope,
    type: z.literal("template"),
    content: z.object({
      name: z.string(),
      language: z.string(),
      parameters: z.array(z.string()).exactOptional(),
    }),
  }),
]);

export const claimedSend: z.ZodType<ClaimedSend> = z.object({
  org_id: z.string(),
  contact_id: z.string(),
  fencing_token: z.number(),
  recipient: z.object(recipient),
  messages: z.array(outboundMessage),
});

export const senderRow: z.ZodType<SenderRow> = z.object({
  org_id: z.string(),
  settings: z.object({
    language: z.string(),
    time_zone: z.string(),
    quiet_hours: z.unknown(),
    business_hours: z.unknown(),
    template_names: jsonObject,
    fallback_text: z.string(),
    has_knowledge: z.boolean().exactOptional(),
    currency: z.string().exactOptional(),
    enabled_tools: z.array(z.string()).exactOptional(),
  }),
  whatsapp: z.object({
    public_config: jsonObject,
    fingerprint: text,
    ciphertext: z.string(),
    key_id: z.string(),
  }).nullable(),
  paused_until: text,
  sink: z.boolean().exactOptional(),
});

const remembered: z.ZodType<RememberedMessage[]> = z.array(z.object({
  role: z.enum(["person", "agent"]),
  text: z.string(),
  at: z.string(),
})).catch([]);

const sessionRow: z.ZodType<SessionRow> = z.object({
  id: z.string(),
  status: z.enum(["active", "completed", "expired"]),
  current_agent: text,
  flow: text,
  flow_step: text,
  collected_data: jsonObject,
  messages: remembered,
  location: z.json(),
  preferences: jsonObject,
  context: jsonObject,
  started_at: z.string(),
  last_message_at: z.string(),
});

const waitingMessage: z.ZodType<WaitingMessage> = z.object({
  id: z.string(),
  wamid: z.string(),
  sequence: z.number(),
  type: z.enum(INBOUND_TYPES),
  content: jsonObject,
  sent_at: text,
  created_at: z.string(),
  attempts: z.number(),
  phone_number_id: z.string(),
});

export const claimedTurn: z.ZodType<ClaimedTurn> = z.object({
  org_id: z.string(),
  contact_id: z.string(),
  fencing_token: z.number(),
  contact: z.object({
    ...recipient,
    id: z.string(),
    name: text,
    username: text,
    rollout_key: z.string(),
  }),
  session: sessionRow,
  returned: z.boolean(),
  limits: z.object({ switched_off_agents: z.array(z.string()), tokens_left: z.number() }),
  messages: z.array(waitingMessage),
});
