import assert from "node:assert/strict";
import { endStaleProcesses, openProcessRegistry, processesPath } from "./process_registry.ts";
import { readProcessIdentity } from "./read_process_identity.ts";
import { StackError } from "./stack_error.ts";

async function withFolder(use: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const startSleeper = () =>
  new Deno.Command("sleep", { args: ["30"], stdin: "null", stdout: "null", stderr: "null" })
    .spawn();

async function list(folder: string, entries: { name: string; pid: number; identity: string }[]) {
  await Deno.writeTextFile(processesPath(folder), JSON.stringify(entries));
}

Deno.test("ends what a killed stack left behind", () =>
  withFolder(async (folder) => {
    const sleeper = startSleeper();
    const identity = await readProcessIdentity(sleeper.pid) ?? "";
    await list(folder, [{ name: "worker", pid: sleeper.pid, identity }]);
    assert.deepEqual(await endStaleProcesses(folder), ["worker"]);
    assert.equal((await sleeper.status).signal, "SIGTERM");
  }));

Deno.test("spares a process that only has the number of one it knew", () =>
  withFolder(async (folder) => {
    const sleeper = startSleeper();
    await list(folder, [{ name: "worker", pid: sleeper.pid, identity: "another start" }]);
    assert.deepEqual(await endStaleProcesses(folder), []);
    assert.notEqual(await readProcessIdentity(sleeper.pid), undefined);
    sleeper.kill("SIGKILL");
    await sleeper.status;
  }));

Deno.test("refuses the folder of a living stack", () =>
  withFolder(async (folder) => {
    const registry = await openProcessRegistry(folder);
    await assert.rejects(endStaleProcesses(folder), StackError);
    await registry.close();
    assert.deepEqual(await endStaleProcesses(folder), []);
  }));
