import assert from "node:assert/strict";
import { mapConcurrently } from "../../../supabase/functions/_shared/services/map_concurrently.ts";
import { controlSimulator } from "../../support/control_simulator.ts";
import { readStack } from "../../support/read_stack.ts";
import { listRules, MODEL_FAULTS, type ModelKind } from "../../transcripts/start_models.ts";
import {
  listTranscripts,
  tell,
  type Transcript,
  withModel,
  withoutModel,
} from "../../transcripts/transcript.ts";
import { startExtraFunction } from "../support/start_extra_function.ts";
import { createStackWorlds, type StackOptions } from "./open_stack_world.ts";

const transcripts = await listTranscripts();
/** Each has an organization of its own; more at once than cores only because a turn mostly waits. */
const AT_ONCE = 8;
/** A model that never answers has 70 % of it; what is left is enough on any machine. */
const SHORT_TIMEOUT_SECONDS = "8";

async function tellAll(
  files: typeof transcripts,
  { expect, ...options }: StackOptions & { expect: (transcript: Transcript) => Transcript },
): Promise<void> {
  const worlds = createStackWorlds(options);
  const wrong: string[] = [];
  await mapConcurrently(files, AT_ONCE, async ({ file, transcript }) => {
    const expected = expect(transcript);
    try {
      assert.deepEqual(await tell(worlds, expected), expected);
    } catch (error) {
      wrong.push(`${file}: ${error instanceof Error ? error.message : error}`);
    }
  });
  assert.deepEqual(wrong, []);
}

Deno.test("each conversation goes on the stack as it is written down", () =>
  tellAll(transcripts, { expect: withoutModel }));

/** Those in which a model is asked: the others are the same whatever it does, which is shown in memory. */
const asking = transcripts.filter(({ transcript }) => countAnswers(transcript) > 0);
/** One wait each, all of them at once. */
const askingOnce = asking.filter(({ transcript }) => countAnswers(transcript) === 1);

function countAnswers({ turns }: Transcript): number {
  return turns.filter(({ with_model }) => with_model !== undefined).length;
}

const control = <Answer>(method: string, path: string, body?: unknown) =>
  controlSimulator<Answer>("gemini", method, { path, ...(body === undefined ? {} : { body }) });

Deno.test("a model changes on the stack what only it understands", async () => {
  await control("POST", "rules", {
    rules: listRules(transcripts.map(({ transcript }) => transcript)),
  });
  await tellAll(asking, { expect: withModel, hasModel: true });
});

/** A webhook of its own, whose requests to the model come to grief. */
async function tellWithout(kind: Exclude<ModelKind, "present">): Promise<void> {
  const key = `${kind}-${crypto.randomUUID()}`;
  await control("POST", "accounts", { key });
  const { id } = await control<{ id: string }>("POST", "faults", {
    ...MODEL_FAULTS[kind],
    key,
    path: "/v1beta/**",
  });
  const environment = {
    GEMINI_API_KEY: key,
    GEMINI_API_URL: readStack().simulators.gemini,
    AGENT_TIMEOUT_SECONDS: SHORT_TIMEOUT_SECONDS,
    PROVIDER_RETRY_BASE_MILLISECONDS: "1",
  };
  await using webhook = await startExtraFunction("unified-webhook", environment);
  await using _worker = await keepFinishingTurns(environment);
  await tellAll(kind === "slow" ? askingOnce : asking, {
    expect: withoutModel,
    hasModel: true,
    webhookUrl: webhook.url,
  });
  const faults = await control<{ id: string; hits: number }[]>("GET", "faults");
  assert.ok((faults.find((fault) => fault.id === id)?.hits ?? 0) >= 1, "it was never asked");
  await control("DELETE", `faults/${id}`);
}

/** What a busy machine interrupts, the worker finishes, as it does each ten seconds in production. */
async function keepFinishingTurns(environment: Record<string, string>): Promise<AsyncDisposable> {
  const worker = await startExtraFunction("worker", environment);
  const finish = async () => {
    const response = await fetch(`${worker.url}/run`, {
      method: "POST",
      headers: { apikey: readStack().secret_key, "content-type": "application/json" },
      body: JSON.stringify({ kind: "finish_turns" }),
    });
    await response.body?.cancel();
  };
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => running = running.then(finish), 5_000);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await running;
      await worker[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a model that is too slow or fails is on the stack as good as none", async () => {
  await Promise.all([tellWithout("slow"), tellWithout("failing"), tellWithout("out_of_quota")]);
});
