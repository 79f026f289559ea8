/** What the services of messages need from the outside; `ports.ts` has the rest. */

import type { OutboundContent } from "./domain/outbox/outbound_content.ts";
import type { Json, JsonObject, ProviderCall, Sealed } from "./ports.ts";
import type { AgentEffect, EffectRefusal } from "./ports_agents.ts";

// ---------------------------------------------------------------- what a delivery holds

/** Message types that agents know; every other one is stored whole as `unsupported`. */
export const INBOUND_TYPES = [
  "text",
  "image",
  "video",
  "document",
  "sticker",
  "audio",
  "location",
  "contacts",
  "button",
  "interactive",
  "order",
  "reaction",
  "system",
  "edit",
  "revoke",
  "request_welcome",
  "unsupported",
] as const;
export type InboundType = typeof INBOUND_TYPES[number];

/** A person's number or BSUID moved: to what, and from what where it is said. */
export type IdentityChange = {
  new_phone: string | null;
  new_bsuid: string | null;
  previous_phone: string | null;
  previous_bsuid: string | null;
  changed_at: string | null;
};

export type InboundMessage = {
  phone_number_id: string | null;
  business_account_id: string | null;
  /** The provider's id, or one made of the message's bytes where it has none. */
  wamid: string;
  type: InboundType;
  /** Digits alone; null for people who are known by BSUID only. */
  phone: string | null;
  bsuid: string | null;
  name: string | null;
  username: string | null;
  /** False for what nobody expects an answer to: it is stored and done with. */
  needs_turn: boolean;
  /** ISO */
  sent_at: string | null;
  /** In our words; what agents read. */
  content: JsonObject;
  /** What was sent, whole, cleaned of what jsonb refuses. */
  payload: Json;
  /** The payload before it was cleaned; null where nothing had to be. */
  raw_text: string | null;
  change: IdentityChange | null;
};

export type MessageStatus = "sent" | "delivered" | "read" | "failed";

export type StatusUpdate = {
  phone_number_id: string | null;
  wamid: string;
  /** The outbox row that we sent along with the message. */
  row_id: string | null;
  status: MessageStatus;
  /** ISO; null where it isn't said. */
  at: string | null;
  error_code: number | null;
  error: string | null;
};

/** What concerns an account or a number, or what isn't known at all. */
export type Notice = {
  business_account_id: string | null;
  phone_number_id: string | null;
  field: string;
  payload: Json;
};

export type ParsedDelivery =
  | { ok: true; messages: InboundMessage[]; statuses: StatusUpdate[]; notices: Notice[] }
  | { ok: false; reason: string };
export type ParseDelivery = (body: Uint8Array) => ParsedDelivery;

// ---------------------------------------------------------------- inbox

/** A verified delivery on its way to the database. */
export type Delivery = {
  parsed: ParsedDelivery;
  /** Kept where the delivery can't be read, and where it goes to the older service. */
  body: Uint8Array;
  /** `X-Hub-Signature-256`, verified. */
  signature: string;
  /** The organization whose own app secret signed it: the only one it may touch. Null for ours. */
  signed_by: string | null;
};

export type TurnKey = { org_id: string; contact_id: string };

export type IngestResult = {
  /** Messages that were new, by the delivery's place in the batch. */
  stored: number[];
  unroutable: number[];
  statuses_applied: number;
  /** Contacts whose messages wait for a turn that nobody has. */
  turns: TurnKey[];
  /** Deliveries that wait to be given to the older service. */
  forwards: number;
  /** `app_config['unified_service_flags']`, the last good value. */
  flags: unknown;
};

/** The numbers, and the accounts, that a delivery says it is about. */
export type WebhookOrigins = { phone_number_ids: string[]; business_account_ids: string[] };

export type InboxStore = {
  /** Stores deliveries in one transaction. @throws AppError `unavailable` after two seconds */
  ingestWhatsapp(deliveries: Delivery[]): Promise<IngestResult>;
  readWebhookSecrets(origins: WebhookOrigins): Promise<
    ({ org_id: string; phone_number_id: string; business_account_id: string | null } & Sealed)[]
  >;
};

// ---------------------------------------------------------------- turns

export type WaitingMessage = {
  id: string;
  wamid: string;
  sequence: number;
  type: InboundType;
  content: JsonObject;
  sent_at: string | null;
  created_at: string;
  attempts: number;
  phone_number_id: string;
};

export type Recipient = {
  phone: string | null;
  bsuid: string | null;
  opted_out: boolean;
  last_inbound_at: string | null;
};

export type RememberedMessage = { role: "person" | "agent"; text: string; at: string };

export type SessionRow = {
  id: string;
  status: "active" | "completed" | "expired";
  current_agent: string | null;
  flow: string | null;
  flow_step: string | null;
  collected_data: JsonObject;
  messages: RememberedMessage[];
  location: Json;
  preferences: JsonObject;
  context: JsonObject;
  started_at: string;
  last_message_at: string;
};

export type SenderSettings = {
  language: string;
  time_zone: string;
  quiet_hours: unknown;
  business_hours: unknown;
  template_names: JsonObject;
  fallback_text: string;
  /** Whether there are documents that a question can be answered from. */
  has_knowledge?: boolean;
};

/** How an organization is reached and wants to be. */
export type SenderRow = {
  org_id: string;
  settings: SenderSettings;
  whatsapp: { public_config: JsonObject; fingerprint: string | null } & Sealed | null;
  paused_until: string | null;
  /** What is sent is recorded and goes nowhere: the canary's. */
  sink?: boolean;
};

/** What a turn may use. */
export type TurnLimits = {
  /** Those that failed five times in a row in this organization, and those switched off by hand. */
  switched_off_agents: string[];
  /** Of the organization's budget of today (UTC), for the language model. */
  tokens_left: number;
};

export type ClaimedTurn = {
  org_id: string;
  contact_id: string;
  fencing_token: number;
  contact: Recipient & {
    id: string;
    name: string | null;
    username: string | null;
    rollout_key: string;
  };
  session: SessionRow;
  /** The person comes back after a session that ended. */
  returned: boolean;
  limits: TurnLimits;
  messages: WaitingMessage[];
};

export type ClaimTurnResult =
  | { code: "claimed"; turn: ClaimedTurn; flags: unknown; sender: SenderRow }
  /** A person of the organization answers: what was written is kept for them. */
  | { code: "held" | "waiting" | "nothing" | "handed_over" };

/** What changed; a member that isn't named stays. */
export type SessionPatch = {
  id: string;
  status?: "active" | "completed";
  current_agent?: string | null;
  flow?: string | null;
  flow_step?: string | null;
  collected_data?: JsonObject;
  messages?: RememberedMessage[];
  location?: Json;
  preferences?: JsonObject;
  context?: JsonObject;
};

export type AgentEvent = {
  event_type: string;
  outcome: "succeeded" | "failed" | "ignored" | "forwarded";
  agent?: string | null;
  intent?: string | null;
  intent_confidence?: number | null;
  intent_method?:
    | "reset"
    | "flow"
    | "recent_agent"
    | "lexicon"
    | "language_model"
    | "asked"
    | "menu"
    | null;
  flow?: string | null;
  flow_step?: string | null;
  tools?: Json[];
  handed_off_from?: string | null;
  message_count?: number;
  duration_ms?: number;
  response_ms?: number | null;
  input_tokens?: number | null;
  output_tokens?: number | null;
  cost_usd?: number | null;
  error?: string | null;
  details?: JsonObject;
};

export type QueuedReply = { reply_to_wamid?: string | null } & OutboundContent;

export type TurnOutcome = "answered" | "ignored" | "forwarding" | "failed";

export type CompleteTurnInput = {
  org_id: string;
  contact_id: string;
  fencing_token: number;
  correlation_id: string;
  outcome: TurnOutcome;
  error: string | null;
  retry_after_seconds?: number;
  max_attempts: number;
  session: SessionPatch | null;
  outbound: QueuedReply[];
  events: AgentEvent[];
  /** Done in the same transaction; all of them or, where one is refused, nothing of the turn. */
  effects?: AgentEffect[];
  send_lease_seconds: number;
};

export type OutboundMessage = {
  id: string;
  kind: "reply" | "initiated";
  attempts: number;
  reply_to_wamid: string | null;
  correlation_id: string | null;
} & OutboundContent;

/** Messages of one contact, claimed for sending, in order. */
export type ClaimedSend = {
  org_id: string;
  contact_id: string;
  fencing_token: number;
  recipient: Recipient;
  messages: OutboundMessage[];
};

export type CompleteTurnResult =
  | { code: "completed"; again: boolean; send: ClaimedSend | null }
  /** Nothing was written and the lease holds: decide again, knowing why. */
  | { code: "refused"; refusals: EffectRefusal[]; is_switched_off?: boolean }
  | { code: "lease_lost" };

export type TurnStore = {
  claimTurn(input: TurnKey & { lease_seconds: number; max_attempts: number }): Promise<
    ClaimTurnResult
  >;
  claimDueTurns(input: { limit: number; lease_seconds: number; max_attempts: number }): Promise<{
    turns: ClaimedTurn[];
    flags: unknown;
    senders: { [orgId: string]: SenderRow };
  }>;
  completeTurn(input: CompleteTurnInput): Promise<CompleteTurnResult>;
};

// ---------------------------------------------------------------- outbox

export type SendResult = {
  org_id: string;
  contact_id: string;
  fencing_token: number;
  id: string;
  outcome: "sent" | "failed" | "unknown" | "retry" | "held" | "cancelled" | "expired";
  wamid?: string;
  error_code?: number | null;
  error?: string;
  /** ISO */
  retry_at?: string;
  /** What was sent in place of what was queued. */
  type?: OutboundContent["type"];
  content?: JsonObject;
};

export type RecordSentInput = {
  lease_seconds: number;
  max_attempts: number;
  results: SendResult[];
  opted_out: TurnKey[];
  pauses: { org_id: string; seconds: number; reason: string }[];
  failed_integrations: { org_id: string; fingerprint: string | null; error: string }[];
  provider_calls: { org_id: string; calls: ProviderCall[] }[];
};

/** A message that WhatsApp took, and refused in a status afterwards. */
export type Refusal = {
  org_id: string;
  contact_id: string;
  id: string;
  type: OutboundContent["type"];
  attempts: number;
  wamid: string | null;
  error_code: number | null;
  error: string | null;
  /** Of the token that it may have been sent with; null where another has been checked since. */
  fingerprint: string | null;
};

export type SettledRefusal = {
  org_id: string;
  contact_id: string;
  id: string;
  wamid: string | null;
  outcome: "failed" | "retry" | "held";
  /** ISO */
  retry_at?: string;
  /** What is sent in its place. */
  type?: OutboundContent["type"];
  content?: JsonObject;
};

export type SettleRefusalsInput =
  & Pick<RecordSentInput, "max_attempts" | "opted_out" | "pauses" | "failed_integrations">
  & { results: SettledRefusal[] };

export type OutboxStore = {
  claimOutbound(input: { limit: number; lease_seconds: number }): Promise<{
    sends: ClaimedSend[];
    senders: { [orgId: string]: SenderRow };
  }>;
  /** Answers what the same contacts may be sent next, claimed already. */
  recordSent(input: RecordSentInput): Promise<{ lost: string[]; sends: ClaimedSend[] }>;
  /** The oldest that nobody has decided what to do about. */
  listRefusals(input: { limit: number }): Promise<{
    refusals: Refusal[];
    senders: { [orgId: string]: SenderRow };
  }>;
  /** Each is settled once, whoever asks. Answers how many were. */
  settleRefusals(input: SettleRefusalsInput): Promise<{ settled: number }>;
  expireMessages(input: { limit: number }): Promise<{ [what: string]: number }>;
};

// ---------------------------------------------------------------- sending

/** What came of giving one message to the provider. */
export type SendOutcome =
  | { kind: "accepted"; wamid: string }
  /** It said no, so nothing was sent. `code` is the provider's own, null where it gave none. */
  | {
    kind: "refused";
    code: number | null;
    status: number | null;
    reason: string;
    retryAfterSeconds: number | null;
  }
  /** Nothing left this process. */
  | { kind: "not_sent"; reason: string; retryAfterSeconds: number | null }
  /** The request left and no answer tells what became of it. */
  | { kind: "undecided"; reason: string };

export type MessageSender = {
  /** Never throws. `rowId` comes back with every status of the message. */
  send(
    message: {
      to: { phone: string | null; bsuid: string | null };
      rowId: string;
      replyToWamid: string | null;
    } & OutboundContent,
  ): Promise<SendOutcome>;
  /** Blue ticks and "typing…" for at most 25 seconds. A courtesy: it never throws. */
  markRead(wamid: string, options: { typing: boolean }): Promise<void>;
};

/** Opens the organization's token and makes a sender for its number. */
export type ConnectSender = (
  sender: SenderRow,
  record: (call: ProviderCall) => void,
) => Promise<MessageSender>;
