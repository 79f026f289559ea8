/** What agents need of a language model; `ports.ts` has the rest. */

import type { ProviderFailure } from "./errors.ts";
import type { JsonObject, RecordProviderCall } from "./ports.ts";

/** What one request or several came to. */
export type ModelUsage = {
  input_tokens: number;
  output_tokens: number;
  /** US dollars; null where the model's price is not configured. */
  cost_usd: number | null;
};

/** Why there is no answer; `stopped` is a model that gave none or none that can be read. */
export type ModelFailure = ProviderFailure | "stopped";

/** A failure is a result: what was paid until then is counted, and nobody has to catch. */
export type ModelResult<Answer> =
  | { code: "answered"; usage: ModelUsage } & Answer
  | { code: "failed"; failure: ModelFailure; reason: string; usage: ModelUsage };

export type ModelMessage = { role: "person" | "agent"; text: string };

export type ModelTool = {
  name: string;
  description: string;
  /** JSON Schema of the arguments. What a model sends is checked by whoever runs the tool. */
  input_schema: JsonObject;
};

export type ModelToolCall = { name: string; arguments: JsonObject };

/** What a tool answers a model; `ends` when the model is to say no more. */
export type ModelToolResult = { output: string; ends: boolean };

export type ModelOptions = {
  /** The end of the time there is: what runs is broken off, what waits is not begun. */
  signal: AbortSignal;
  /** Told of every request, for the statistics of whom it is made for. */
  record?: RecordProviderCall;
  /** Asked before every request, the same one again included; where it rejects no further one is made. */
  beforeRequest?: () => Promise<void>;
};

export type LanguageModel = {
  /** The model that converses, as it is configured. */
  name: string;
  /**
   * Which of the candidates a text is for. `agent` is one of their names or null for none of them,
   * `confidence` from 0 to 1.
   */
  classify(
    input: {
      system: string;
      messages: ModelMessage[];
      candidates: string[];
      max_tokens: number;
    },
    options: ModelOptions,
  ): Promise<ModelResult<{ agent: string | null; confidence: number }>>;
  /**
   * A reply, after as many tools as `max_steps` requests allow. In the last one the model can only
   * answer. `max_tokens` bounds what a request writes, `budget_tokens` all of them together: when it
   * is spent no further request is made.
   */
  converse(
    input: {
      system: string;
      messages: ModelMessage[];
      tools: ModelTool[];
      max_steps: number;
      max_tokens: number;
      budget_tokens: number;
    },
    options: ModelOptions & {
      /** Never rejects for what a model asked; a rejection ends the conversation. */
      callTool: (call: ModelToolCall) => Promise<ModelToolResult>;
    },
  ): Promise<ModelResult<{ text: string; tool_calls: ModelToolCall[] }>>;
};
