/** What people of an organization do about its agents: take over, look, switch; `ports.ts` has the rest. */

import type { Json, JsonObject } from "./ports.ts";

/** Who asks: a member, whose role is checked in the database; null for the service itself. */
export type Supervisor = { org_id: string; user_id: string | null };
/** Who changes something, so that what they did can be found by their request. */
export type Changer = Supervisor & { request_id: string };

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
/** WhatsApp lets nobody write freely 24 hours after what the person wrote last. */
type OutsideWindow = { code: "outside_window"; last_inbound_at: string | null };
type TakenByAnother = { code: "taken_by_another"; taken_by: string | null };

export type HandOverStore = {
  /** Who waits longest first; `after` and `after_id` are of the last one of the page before. */
  listHandOvers(
    input: Supervisor & {
      state?: "waiting" | "taken";
      limit?: number;
      after?: string;
      after_id?: string;
    },
  ): Promise<{ code: "listed"; hand_overs: HandOver[] } | Forbidden>;
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
  takeHandOver(input: Changer & { hand_over_id: string }): Promise<
    | { code: "taken"; hand_over: HandOver }
    | { code: "released" }
    | TakenByAnother
    | NotFound
    | Forbidden
  >;
  /** Sent once for each `reply_id`; 1 to 4,096 characters. */
  replyToHandOver(
    input: Changer & { hand_over_id: string; reply_id: string; text: string },
  ): Promise<
    | { code: "queued"; message_id: string }
    | { code: "not_taken" | "opted_out" }
    | OutsideWindow
    | NotFound
    | Forbidden
  >;
  /** `told`: who waited is told so; not when WhatsApp's 24 hours are over. */
  releaseHandOver(input: Changer & { hand_over_id: string }): Promise<
    { code: "released"; told: boolean } | TakenByAnother | NotFound | Forbidden
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
  replayed_at: string | null;
  /** How many of its messages had a turn again. */
  replayed_messages: number | null;
};

/** An agent that failed, or that somebody switched, in one organization. */
export type AgentSwitch = {
  agent: string;
  state: "on" | "off";
  consecutive_failures: number;
  last_error: string | null;
  last_failed_at: string | null;
  switched_off_at: string | null;
  switched_on_at: string | null;
  /** Of whoever switched it last by hand. */
  reason: string | null;
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
  /** Agents that aren't listed are on and never failed. */
  listAgentSwitches(input: Supervisor): Promise<
    { code: "listed"; switches: AgentSwitch[] } | Forbidden
  >;
  /** An admin's to do. Switched on, an agent's failures count from the start. */
  switchAgent(input: Changer & { agent: string; on: boolean; reason: string }): Promise<
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
  /** With its messages, the newest first. */
  readFailedConversation(input: Supervisor & { id: string; limit?: number }): Promise<
    | { code: "read"; conversation: FailedConversation; messages: HandOverMessage[] }
    | NotFound
    | Forbidden
  >;
  reviewConversation(input: Changer & { id: string; note: string | null }): Promise<
    { code: "reviewed" } | NotFound | Forbidden
  >;
  /** An admin's to do. Each message that was given up has its turn once, whoever asks twice (`again`). */
  replayConversation(input: Changer & { id: string }): Promise<
    | { code: "replayed"; messages: number; again: boolean }
    | { code: "nothing_to_replay" | "handed_over" }
    | OutsideWindow
    | NotFound
    | Forbidden
  >;
  /** The newest first; `before` and `before_id` are of the last item of the page before. */
  readContactTimeline(
    input: Omit<Supervisor, "org_id"> & {
      /** Null for an operator: whosever contact it is. */
      org_id: string | null;
      contact_id: string;
      limit?: number;
      before?: string;
      before_id?: string;
    },
  ): Promise<
    | { code: "read"; contact: { id: string; name: string | null }; items: TimelineItem[] }
    | NotFound
    | Forbidden
  >;
};
