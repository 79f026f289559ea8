import type { Json, JsonObject } from "../../ports.ts";
import type { AgentEffect, EffectRefusal, Read, ReadResult } from "../../ports_agents.ts";
import type { AgentEvent, ClaimedTurn, QueuedReply, SessionPatch } from "../../ports_messaging.ts";
import type { AgentDefinition } from "../agents/agent.ts";
import type { FlagDecision } from "../rollout/evaluate_flags.ts";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import type { Language } from "../session/service_menu.ts";
import type { ToolContext } from "../tools/tool.ts";

export type TurnSettings = {
  language: string;
  time_zone?: string;
  business_hours?: unknown;
  has_knowledge?: boolean;
  currency?: string;
  enabled_tools?: string[];
};

export type TurnInput = {
  turn: ClaimedTurn;
  flags: FlagDecision;
  settings: TurnSettings;
  /** Milliseconds since 1970. */
  now: number;
  newId: () => string;
  /** Whether a language model may be asked. */
  has_model?: boolean;
  /** Why what was decided before was not written: nothing of it was. */
  refusals?: readonly EffectRefusal[];
};

/** What a turn needs to know before it goes on; whoever runs it answers. */
export type TurnAsk =
  | { kind: "reads"; reads: Read[] }
  /** For whom a text is, where the lexicon can't say. */
  | { kind: "classify"; text: string; language: Language; candidates: FlaggedAgent[] }
  /** A reply in free words, where no flow is meant. */
  | {
    kind: "converse";
    agent: AgentDefinition;
    language: Language;
    text: string;
    tools: ToolContext;
    /** What a handoff carried. */
    carried: JsonObject;
  };

export type ModelUsage = {
  input_tokens: number | null;
  output_tokens: number | null;
  cost_usd: number | null;
};

export type TurnAnswer =
  | { kind: "reads"; results: ReadResult[] }
  | { kind: "classify"; agent: FlaggedAgent | null; confidence: number; usage: ModelUsage }
  | {
    kind: "converse";
    text: string;
    /** A call that writes, to be confirmed by the person before it is made. */
    proposal: { tool: string; arguments: JsonObject; question: string } | null;
    tools: Json[];
    usage: ModelUsage;
  }
  /** There is no model, or it doesn't answer: the turn goes on without. What was paid counts. */
  | { kind: "nothing"; usage?: ModelUsage };

/** Everything that a turn changes, decided before any of it is done. */
export type TurnDecision = {
  /** `failed`: an agent threw; what is said is polite, and the messages aren't tried again. */
  outcome: "answered" | "ignored" | "forwarding" | "failed";
  error: string | null;
  session: SessionPatch | null;
  outbound: QueuedReply[];
  effects: AgentEffect[];
  events: AgentEvent[];
};

export type DecideTurn = (input: TurnInput) => Generator<TurnAsk, TurnDecision, TurnAnswer>;
