import type * as z from "zod";
import type { AgentRole, JsonObject } from "../../ports.ts";
import type { AskedQuestion, CallSettings } from "../../ports_calls.ts";
import type { AgentEffect, Read, ReadResult } from "../../ports_agents.ts";
import { chooseLanguage, type Language } from "../choose_language.ts";

/** Who and where: from the call or the session, never from what a model says. */
export type ToolContext = {
  /** Milliseconds since 1970. */
  now: number;
  channel: "voice" | "whatsapp";
  /** What the person writes in; the organization's language where it isn't known. */
  language?: Language;
  settings: ToolSettings;
  person: { contactId: string | null; phoneNumber: string | null };
  /** What is remembered of the person, where it may be used here. */
  preferences?: {
    /** ISO 4217 */
    currency: string | null;
    location: { latitude: number; longitude: number } | null;
  };
  whatsappConnected: boolean;
  /** On the phone: whose assistant calls; absent where that isn't known. */
  role?: AgentRole;
  /** What was answered with a question to confirm, earlier in this call. */
  questions?: readonly AskedQuestion[];
  /** Names what an effect creates, so that an answer can speak of it. */
  newId: () => string;
};

/** What tools may know of an organization. */
export type ToolSettings =
  & Pick<
    CallSettings,
    "business_hours" | "time_zone" | "language" | "transfer_number" | "enabled_tools"
  >
  & Partial<CallSettings>;

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
  | { kind: "request_transfer"; at: string }
  | AgentEffect;

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
  /** What the organization's settings say where a call doesn't. */
  defaults?(settings: ToolSettings): JsonObject;
  output: Output;
  /** What has to be known before the tool acts. All reads of a turn are one call of the database. */
  reads?(input: z.output<Input>, context: ToolContext): Read[];
  /**
   * Of what may be out of reach for this person, whatever they say about it: looked at before anything
   * is asked. `refuse` answers what is said then, or null. `act` has to look again: both see the same reads.
   */
  guard?: {
    reads: readonly Read[];
    refuse(context: ToolContext, results: readonly ReadResult[]): z.input<Output> | null;
  };
  /**
   * Of a tool that writes: what is about to be done, as a question. In chat nothing of it is done
   * before the person says yes, on the phone before the assistant says that they did.
   */
  confirm?(input: z.output<Input>, language: Language): string;
  /** `results` are those of `reads`, in their order. */
  act(
    input: z.output<Input>,
    context: ToolContext,
    results: readonly ReadResult[],
  ): { output: z.input<Output>; effects: ToolEffect[] };
};

/** The language of what is told later, such as a reminder. */
export function languageOf({ language, settings }: ToolContext): Language {
  return chooseLanguage(language, settings.language);
}

/** The results of one kind, in their order. */
export function pickResults<Kind extends ReadResult["kind"]>(
  results: readonly ReadResult[],
  kind: Kind,
): Extract<ReadResult, { kind: Kind }>[] {
  return results.filter((result): result is Extract<ReadResult, { kind: Kind }> =>
    result.kind === kind
  );
}

/** Types a tool by its own schemas. */
export function defineTool<Input extends z.ZodType, Output extends z.ZodType<ToolOutput>>(
  tool: Tool<Input, Output>,
): Tool<Input, Output> {
  return tool;
}
