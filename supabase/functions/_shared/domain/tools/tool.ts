import type * as z from "zod";
import type { CallSettings } from "../../ports_calls.ts";
import type { KnowledgeAnswer, KnowledgeCategory } from "../../ports_knowledge.ts";

/** Who and where: from the call or the session, never from what a model says. */
export type ToolContext = {
  /** Milliseconds since 1970. */
  now: number;
  channel: "voice" | "whatsapp";
  settings: CallSettings;
  person: { contactId: string | null; phoneNumber: string | null };
  whatsappConnected: boolean;
  /** What was found for a tool that asks for it; null where searching failed. */
  found?: KnowledgeAnswer | null;
};

/** What a tool wants done; applied in the transaction that stores its answer. */
export type ToolEffect =
  | {
    kind: "take_message";
    body: string;
    caller_name: string | null;
    callback_number: string | null;
    urgent: boolean;
  }
  /** To the person of the conversation: nobody else can be named. */
  | { kind: "send_whatsapp"; text: string }
  | { kind: "request_transfer"; at: string };

/** Every answer has a sentence that can be said as it is. */
export type ToolOutput = { message: string };

/**
 * One thing that an assistant can do. `act` decides and does nothing: the same input in the same
 * context gives the same answer and effects.
 */
export type Tool<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType<ToolOutput> = z.ZodType<ToolOutput>,
> = {
  /** For the model: when to use it. */
  description: string;
  /** What isn't in it is dropped. */
  input: Input;
  output: Output;
  /** What to search the organization's documents for before the tool acts: the only read there is. */
  search?(input: z.output<Input>): { query: string; category?: KnowledgeCategory };
  act(
    input: z.output<Input>,
    context: ToolContext,
  ): { output: z.input<Output>; effects: ToolEffect[] };
};

/** Types a tool by its own schemas. */
export function defineTool<Input extends z.ZodType, Output extends z.ZodType<ToolOutput>>(
  tool: Tool<Input, Output>,
): Tool<Input, Output> {
  return tool;
}
