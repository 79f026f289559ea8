/** What calling people back needs from the outside; `ports_calls.ts` has calls as they happen. */

import type { Json, JsonObject, ProviderCall, Sealed } from "./ports.ts";

/** Whether somebody may be called, and when: as the database has it. */
export type CallingFacts = {
  /** E.164; null for who is known by no number. */
  phone: string | null;
  opted_out: boolean;
  /** The outbound agent; null where there is none, or Vapi isn't connected. */
  agent: {
    id: string;
    state: "draft" | "active" | "paused" | "error";
    activation_mode: "limited" | "full";
    assistant_id: string | null;
    phone_number_id: string | null;
  } | null;
  /** The number that we call from. */
  own_number: string | null;
  test_numbers: string[];
  /** ISO 3166; empty: the country of `own_number`. */
  call_countries: string[];
  calling_hours: JsonObject;
  business_hours: JsonObject;
  time_zone: string;
  daily_call_minutes: number;
  org_id: string;
  /** `app_config['vapi_tier_flags']` as it is. */
  tier_flags: Json;
  /** The call that the person waits for; `not_before` ISO. */
  open: { state: "requested" | "intended" | "placed" | "answered"; not_before: string } | null;
};

export type ClaimedCallRequest = {
  id: string;
  org_id: string;
  /** `intended`: a call may have been made. */
  state: "requested" | "intended";
  reason: string;
  not_before: string;
  intended_at: string | null;
  intent: { assistant_id: string; phone_number_id: string; fingerprint: string } | null;
  attempts: number;
  lookups: number;
  fencing_token: number;
  /** Of the organization's day so far. */
  minutes_used: number;
  contact_name: string | null;
  calling: CallingFacts;
  /** Null where the account is no longer connected. */
  vapi: ({ fingerprint: string; public_config: JsonObject } & Sealed) | null;
};

export type CallRequestOutcome =
  | { outcome: "waiting"; until: string; code: string }
  | { outcome: "refused"; code: string }
  | { outcome: "placed"; vapi_call_id: string; phone: string | null }
  /** Nothing was made; `until` null: after a backoff. */
  | { outcome: "retry"; until: string | null; code: string; error: string | null }
  | { outcome: "failed"; code: string; error: string }
  /** A look-up that decided nothing. */
  | { outcome: "looking"; until: string | null; code: string; error: string | null }
  | { outcome: "unknown"; code: string };

export type CallRequestStore = {
  claimCallRequests(input: {
    limit: number;
    lease_seconds: number;
  }): Promise<ClaimedCallRequest[]>;
  /** The last word before Vapi is asked; from `intended` on the call may exist. */
  intendCall(input: {
    id: string;
    fencing_token: number;
    assistant_id: string;
    phone_number_id: string;
    fingerprint: string;
  }): Promise<{ code: "intended" | "minutes_spent" | "opted_out" | "lease_lost" }>;
  recordCallRequest(
    input: {
      id: string;
      fencing_token: number;
      max_attempts: number;
      provider_calls: ProviderCall[];
    } & CallRequestOutcome,
  ): Promise<{ code: "recorded"; state: string } | { code: "lease_lost" }>;
};

/** The calls that one Vapi account makes. Every method throws ProviderError. */
export type VapiCalls = {
  /** Rings a person. `ambiguous` where nobody can tell whether it does. */
  placeCall(call: {
    assistantId: string;
    phoneNumberId: string;
    /** E.164 */
    number: string;
    /** At most 40 characters; what the call is found by. */
    name: string;
    /** What the assistant's texts may mention as `{{name}}`. */
    variables: { [name: string]: string };
  }): Promise<{ id: string }>;
  /** The newest first, at most 1,000. */
  listCalls(query: { assistantId: string; createdAtGe: string; limit: number }): Promise<
    { id: string; name: string | null }[]
  >;
  /** All that Vapi answers of a call, as it is; null for one that it doesn't have (any more). */
  readCall(id: string): Promise<JsonObject | null>;
  /** With its transcript and recording. One that is gone already is as good as deleted. */
  deleteCall(id: string): Promise<void>;
};
export type ConnectCalls = (
  secrets: { api_key: string },
  record: (call: ProviderCall) => void,
  options?: { signal?: AbortSignal },
) => VapiCalls;
