/**
 * How long a sync of documents to Vapi takes when every call is answered after 50 ms: the first one,
 * one after a tenth of them changed, and one with nothing to do. The simulator's files are ready the
 * second time they are looked at. The budget of calls is raised, since it is what decides otherwise.
 *
 *   deno run -A bench/kb/sync.ts [--documents 100] [--latency 50] [--rounds 3]
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { printError, printLine } from "../../scripts/local/print_line.ts";
import { REPOSITORY } from "../../scripts/local/repository.ts";
import { resetState } from "../../scripts/local/reset_state.ts";
import { startStack } from "../../scripts/local/start_stack.ts";
import {
  addDocuments,
  changeDocument,
  connectReader,
  countCalls,
  listFaults,
  passMinute,
  readVapiKnowledge,
  sync,
} from "../../tests/integration/knowledge_sync/knowledge.ts";
import { clearRequests } from "../../tests/integration/support/workspace.ts";
import { controlSimulator } from "../../tests/support/control_simulator.ts";
import type { Tenant } from "../../tests/support/create_tenant.ts";

const { values } = parseArgs({
  options: {
    documents: { type: "string", default: "100" },
    latency: { type: "string", default: "50" },
    rounds: { type: "string", default: "3" },
  },
});
const documents = Number(values.documents);
const latencyMilliseconds = Number(values.latency);
const write = (round: number, index: number) =>
  `Document ${index} of round ${round}. ${"What there is to know about it. ".repeat(60)}`;

const stateFolder = join(REPOSITORY, ".local", `bench-kb-sync-${Deno.pid}`);
const controller = new AbortController();
const stack = await startStack({
  engine: "postgres",
  stateFolder,
  port: 0,
  overrides: {},
  reset: false,
  cron: false,
  watch: false,
  echo: false,
  report: () => {},
  signal: controller.signal,
});
Deno.env.set("SWITCHBOARD_STACK", stack.path);
let isWrong = false;
const times = new Map<string, number[]>();
try {
  for (let round = 0; round < Number(values.rounds); round++) {
    const tenant = await connectReader();
    const contents = Array.from({ length: documents }, (_, index) => write(round, index));
    const ids = await addDocuments(tenant, contents.map((content) => ({ content })));
    await setLatency(latencyMilliseconds);
    await time(tenant, "first sync", contents);
    const changed = Math.ceil(documents / 10);
    for (let index = 0; index < changed; index++) {
      contents[index] = `${contents[index]} Changed.`;
      await changeDocument(ids[index]!, contents[index]!);
    }
    await time(tenant, `${changed} changed`, contents);
    await passMinute(tenant);
    await time(tenant, "nothing changed", contents);
    await setLatency(0);
  }
  for (const [name, all] of times) {
    const sorted = all.toSorted((left, right) => left - right);
    const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
    printLine(
      `${name}: median ${(median / 1000).toFixed(2)} s, worst ${
        ((sorted.at(-1) ?? 0) / 1000).toFixed(2)
      } s`,
    );
  }
} finally {
  await stack.stop();
  await resetState(stateFolder);
}
Deno.exit(isWrong ? 1 : 0);

async function setLatency(latencyMilliseconds: number): Promise<void> {
  await controlSimulator("vapi", "PUT", { path: "settings", body: { latencyMilliseconds } });
}

async function time(tenant: Tenant, name: string, contents: string[]): Promise<void> {
  const { key } = tenant.accounts.vapi;
  await clearRequests("vapi", key);
  const began = performance.now();
  const answer = await sync(tenant);
  const took = performance.now() - began;
  const faults = listFaults(await readVapiKnowledge(key), contents);
  if (answer.status !== 200 || faults.length > 0) {
    isWrong = true;
    printError(`${name}: ${answer.status} ${faults.join(", ")}`);
  }
  times.set(name, [...times.get(name) ?? [], took]);
  const calls = Object.values(await countCalls(tenant)).reduce((sum, count) => sum + count, 0);
  printLine(`  ${name}: ${Math.round(took)} ms, ${calls} calls`);
}
