import assert from "node:assert/strict";
import { join } from "node:path";
import { openProcessRegistry } from "./process_registry.ts";
import { StackError } from "./stack_error.ts";
import {
  backoffMilliseconds,
  type ProcessSpec,
  superviseProcess,
  type Supervision,
} from "./supervise_process.ts";

type Trial = { supervision: Supervision; notices: string[]; folder: string };

async function withSupervision(use: (trial: Trial) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const registry = await openProcessRegistry(folder);
  const notices: string[] = [];
  const notice = (line: string) => void notices.push(line);
  try {
    const supervision = { stateFolder: folder, registry, echo: false, notice };
    await use({ supervision, notices, folder });
  } finally {
    await registry.close();
    await Deno.remove(folder, { recursive: true });
  }
}

const shell = (script: string, isReady: () => Promise<boolean>): ProcessSpec => ({
  name: "trial",
  command: "/bin/sh",
  args: ["-c", script],
  env: { PATH: Deno.env.get("PATH") ?? "" },
  isReady,
});

Deno.test("a process that was ready and dies is started again at once", () =>
  withSupervision(async ({ supervision, notices }) => {
    const process = superviseProcess(
      shell("exec sleep 30", () => Promise.resolve(true)),
      supervision,
    );
    await process.ready();
    const first = process.pid();
    const again = Promise.withResolvers<void>();
    supervision.onReady = () => again.resolve();
    Deno.kill(first, "SIGKILL");
    await again.promise;
    assert.notEqual(process.pid(), first);
    assert.deepEqual(notices, ["trial ended by SIGKILL; starting it again"]);
    await process.stop();
    assert.equal(process.pid(), 0);
  }));

Deno.test("a process that never gets ready is given up, with its reason, until a restart", () =>
  withSupervision(async ({ supervision, notices, folder }) => {
    const flag = join(folder, "mended");
    const isMended = () => Deno.stat(flag).then(() => true, () => false);
    const script = `[ -e ${flag} ] && exec sleep 30; echo "error: no key" >&2; echo bye; exit 3`;
    const process = superviseProcess(shell(script, isMended), supervision);
    await assert.rejects(process.ready(), (error: StackError) => {
      assert.match(error.message, /"trial".* ended with code 3 3 times .*error: no key/);
      return error instanceof StackError;
    });
    assert.equal(notices.length, 1);
    await Deno.writeTextFile(flag, "");
    process.restart();
    await process.ready();
    await process.stop();
  }));

Deno.test("a restart waits for the new process", () =>
  withSupervision(async ({ supervision, notices }) => {
    const process = superviseProcess(
      shell("exec sleep 30", () => Promise.resolve(true)),
      supervision,
    );
    await process.ready();
    const first = process.pid();
    process.restart();
    await process.ready();
    assert.notEqual(process.pid(), first);
    assert.deepEqual(notices, []);
    await process.stop();
  }));

Deno.test("a command that doesn't exist is given up like a crash", () =>
  withSupervision(async ({ supervision }) => {
    const spec = { ...shell("", () => Promise.resolve(true)), command: "/nowhere/binary" };
    const process = superviseProcess(spec, supervision);
    await assert.rejects(process.ready(), /\/nowhere\/binary/);
    await process.stop();
  }));

Deno.test("waits longer after each failed attempt, up to a limit, and not after a good run", () => {
  assert.deepEqual([0, 1, 2, 3, 9].map(backoffMilliseconds), [0, 100, 200, 400, 2_000]);
});

Deno.test("a restart asked for between two attempts still ends in a ready process", () =>
  withSupervision(async ({ supervision, folder }) => {
    const flag = join(folder, "mended");
    const isMended = () => Deno.stat(flag).then(() => true, () => false);
    const script = `[ -e ${flag} ] && exec sleep 30; touch ${flag}; exit 3`;
    const process = superviseProcess(shell(script, isMended), supervision);
    let isReady = false;
    const ready = process.ready().then(() => isReady = true);
    // On a busy machine the pause between the attempts may pass unseen.
    while (!await isMended() || (process.pid() !== 0 && !isReady)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    process.restart();
    await ready;
    await process.ready();
    await process.stop();
  }));
