import type {
  DecideTurn,
  TurnAnswer,
  TurnAsk,
  TurnDecision,
  TurnInput,
} from "../domain/orchestrator/turn_input.ts";
import type { RecordProviderCall } from "../ports.ts";
import type { QueuedReply } from "../ports_messaging.ts";
import type { ModelPorts } from "./converse_with_model.ts";
import { readForTools, type ReadPorts } from "./read_for_tools.ts";

export type LoadDecision = () => Promise<
  { decideTurn: DecideTurn; writeFailure: (...languages: unknown[]) => QueuedReply }
>;

/**
 * Runs a decision to its end and answers what it asks for: rows and documents of the organization and
 * the person of the turn, and the language model's word where there is one.
 * @throws AppError of the store: nothing is decided then
 */
export async function driveTurn(
  ports: ReadPorts & ModelPorts,
  decideTurn: DecideTurn,
  { input, signal, record, began = performance.now() }: {
    input: TurnInput;
    signal: AbortSignal;
    /** When the time of `ports.timeoutSeconds` began, as `performance.now` counts. */
    began?: number;
    /** Told of what the language model is asked. */
    record?: RecordProviderCall;
  },
): Promise<TurnDecision> {
  const deciding = decideTurn(input);
  let step = deciding.next();
  while (!step.done) {
    signal.throwIfAborted();
    step = deciding.next(await answer(step.value));
  }
  return step.value;

  async function answer(ask: TurnAsk): Promise<TurnAnswer> {
    if (ask.kind !== "reads") {
      // With all tools and agents: like the decision, nothing that an acknowledgement waits for.
      const { askModel } = await import("./ask_model.ts");
      const spent = (performance.now() - began) / 1_000;
      const timeoutSeconds = Math.max(0, ports.timeoutSeconds - spent);
      return await askModel({ ...ports, timeoutSeconds }, ask, {
        turn: input.turn,
        signal,
        ...(record === undefined ? {} : { record }),
      });
    }
    const { org_id, contact_id } = input.turn;
    const results = await readForTools(ports, {
      org_id,
      contact_id,
      reads: ask.reads,
      signal,
      has_knowledge: input.settings.has_knowledge === true,
    });
    return { kind: "reads", results };
  }
}
