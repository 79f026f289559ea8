/** What people of an organization do about its agents: take over, look, switch; `ports.ts` has the rest. */

import type { Json, JsonObject } from "./ports.ts";

/** Who asks: a member, whose role is checked in the database; null for the service itself. */
export type Supervisor = { org_id: string; user_id: string | null };

/** A conversation that waits for a person, or that one has taken. Moments are ISO. */
export type HandOver = {
  id: string;
  contact_id: string;
  session_id: string | null;
  contact_name: string | null;
  reason: string;
  state: "waiting" | "taken" | "released";
  waiting_at: string;
  taken_at: string | null;
  taken_by: string | null;
  replied_at: string | null;
  released_at: string | null;
  last_inbound_at: string | null;
};

export type HandOverMessage = {
  id: string;
  direction: "in" | "out";
  type: string;
  content: JsonObject;
  at: string;
  state: string;
};

type Forbidden = { code: "forbidden" };
type NotFound = { code: "not_found" };
type TakenByAnother = { code: "taken_by_another"; taken_by: string | null };

export type HandOverStore = {
  /** Who waits longest first; `after` and `after_id` are of the last one of the page before. */
  listHandOvers(input: Supervisor & { limit?: number; after?: string; after_id?: string }): Promise<
    { code: "listed"; hand_overs: HandOver[] } | Forbidden
  >;
  /** With its messages, the newest first. */
  readHandOver(input: Supervisor & { hand_over_id: string; limit?: number }): Promise<
    | {
      code: "read";
      hand_over: HandOver;
      session:
        | { current_agent: string | null; preferences: JsonObject; context: JsonObject }
        | null;
      messages: HandOverMessage[];
    }
    | NotFound
    | Forbidden
  >;
  takeHandOver(input: Supervisor & { hand_over_id: string }): Promise<
    | { code: "taken"; hand_over: HandOver }
    | { code: "released" }
    | TakenByAnother
    | NotFound
    | Forbidden
  >;
  /** Sent once for each `reply_id`; 1 to 4,096 characters. */
  replyToHandOver(
    input: Supervisor & { hand_over_id: string; reply_id: string; text: string },
  ): Promise<{ code: "queued"; message_id: string } | { code: "not_taken" } | NotFound | Forbidden>;
  releaseHandOver(input: Supervisor & { hand_over_id: string }): Promise<
    { code: "released" } | TakenByAnother | NotFound | Forbidden
  >;
};

/** A conversation in which a turn failed. */
export type FailedConversation = {
  id: string;
  contact_id: string;
  session_id: string;
  agent: string | null;
  error: string | null;
  correlation_id: string;
  failures: number;
  state: "failed" | "reviewed";
  failed_at: string;
  last_failed_at: string;
  reviewed_at: string | null;
  reviewed_by: string | null;
  note: string | null;
};

export type TimelineItem = {
  kind: "message_in" | "message_out" | "call" | "application" | "booking" | "ticket";
  id: string;
  at: string;
  state: string;
  summary: string | null;
  details: Json;
};

export type SupervisionStore = {
  /** An admin's to do. Switched on, an agent's failures count from the start. */
  switchAgent(input: Supervisor & { agent: string; on: boolean; request_id: string }): Promise<
    { code: "switched"; agent: string; state: "on" | "off" } | Forbidden
  >;
  listFailedConversations(
    input: Supervisor & {
      state?: FailedConversation["state"];
      limit?: number;
      before?: string;
      before_id?: string;
    },
  ): Promise<{ code: "listed"; conversations: FailedConversation[] } | Forbidden>;
  reviewConversation(input: Supervisor & { id: string; note: string | null }): Promise<
    { code: "reviewed" } | NotFound | Forbidden
  >;
  /** The newest first; `before` and `before_id` are of the last item of the page before. */
  readContactTimeline(
    input: Supervisor & { contact_id: string; limit?: number; before?: string; before_id?: string },
  ): Promise<
    | { code: "read"; contact: { id: string; name: string | null }; items: TimelineItem[] }
    | NotFound
    | Forbidden
  >;
};
