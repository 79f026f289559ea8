import { send } from "../../scripts/local/simulators/with_simulators.ts";
import { startSimulators } from "../../scripts/local/simulators/start_simulators.ts";
import type { LanguageModel } from "../../supabase/functions/_shared/ports_model.ts";
import { createLanguageModel } from "../../supabase/functions/_shared/providers/language_model/create_language_model.ts";
import { createPolicy } from "../../supabase/functions/_shared/providers/resilience/create_policy.ts";
import type { Transcript } from "./transcript.ts";

/** How a model does: it answers, answers too late, breaks down, or its day's quota is used up. */
export const MODEL_KINDS = ["present", "slow", "failing", "out_of_quota"] as const;
export type ModelKind = typeof MODEL_KINDS[number];

/** What befalls the requests of a key at the simulator. */
export const MODEL_FAULTS: { [Kind in ModelKind]: Record<string, unknown> | null } = {
  present: null,
  slow: { mode: "hang" },
  failing: { mode: "status", status: 500 },
  out_of_quota: {
    mode: "status",
    status: 429,
    body: {
      error: {
        code: 429,
        status: "RESOURCE_EXHAUSTED",
        message: "You exceeded your current quota.",
        details: [{
          "@type": "type.googleapis.com/google.rpc.QuotaFailure",
          violations: [{ quotaId: "GenerateRequestsPerDayPerProjectPerModel" }],
        }],
      },
    },
  },
};

/** A model that there is one of in each conversation, and what became of what it was asked. */
export type TestModel = {
  open(): LanguageModel;
  timeoutSeconds: number;
  /** `answered`, or the failure. */
  asked: string[];
};

/** The AI SDK over HTTP, with a simulator in Gemini's place that says what the transcripts say. */
export async function startModels(
  transcripts: readonly Transcript[],
): Promise<{ open(kind: ModelKind): TestModel; stop(): Promise<void> }> {
  const simulators = await startSimulators();
  const control = async (path: string, body: unknown) => {
    const { status, body: answer } = await send(
      `${simulators.urls.gemini}/__simulator/${path}`,
      { body },
    );
    if (status >= 400) throw new Error(`Cannot prepare the model: ${JSON.stringify(answer)}`);
  };
  const rules = listRules(transcripts);
  if (rules.length > 0) await control("rules", { rules });
  for (const kind of MODEL_KINDS) {
    await control("accounts", { key: kind });
    const fault = MODEL_FAULTS[kind];
    if (fault !== null) await control("faults", { ...fault, key: kind, path: "/v1beta/**" });
  }
  return {
    open: (kind) => openModel(simulators.urls.gemini, kind),
    stop: simulators.stop,
  };
}

export function listRules(transcripts: readonly Transcript[]): unknown[] {
  return transcripts.flatMap(({ model = [] }) => model);
}

function openModel(baseUrl: string, kind: ModelKind): TestModel {
  const asked: string[] = [];
  return {
    asked,
    // Nobody waits for an answer that never comes; one that comes is waited for on any machine.
    timeoutSeconds: kind === "slow" ? 0.2 : 60,
    open() {
      const model = createLanguageModel({
        model: "gemini-3.8-flash",
        classifier: "gemini-3.5-flash-lite",
        vendors: {
          gemini: { apiKey: kind, baseUrl },
          openai: { apiKey: undefined, baseUrl: "http://127.0.0.1:1" },
        },
        prices: {},
        maxConcurrent: 10,
        policy: createPolicy({ attempts: 2, retryBaseMilliseconds: 1 }),
      });
      const note = <Result extends { code: string; failure?: string }>(result: Result): Result => {
        asked.push(result.failure ?? result.code);
        return result;
      };
      return {
        name: model.name,
        classify: async (input, options) => note(await model.classify(input, options)),
        converse: async (input, options) => note(await model.converse(input, options)),
      };
    },
  };
}
