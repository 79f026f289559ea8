import assert from "node:assert/strict";
import { callFunction } from "../../support/call_function.ts";
import { readStack } from "../../support/read_stack.ts";
import { restartFunction } from "../../support/restart_function.ts";

Deno.test("every function runs in a process of its own, on the production Deno", async () => {
  const { functions } = readStack();
  const pids = Object.values(functions).map(({ pid }) => pid);
  assert.equal(new Set(pids).size, pids.length);
  for (const name of Object.keys(functions)) {
    const { status, headers } = await callFunction(`${name}/health?live=1`);
    assert.equal(status, 200, name);
    assert.notEqual(headers.get("x-request-id"), null, name);
  }
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") return;
  for (const pid of pids) {
    assert.match(await Deno.readLink(`/proc/${pid}/exe`), /linux-x64-glibc.*\/deno$/);
  }
});

Deno.test("a killed function is back in a new process, the others untouched", async () => {
  const before = readStack().functions;
  await restartFunction("ops");
  const after = readStack().functions;
  for (const name of Object.keys(before)) {
    const isSame = before[name]?.pid === after[name]?.pid;
    assert.equal(isSame, name !== "ops", name);
  }
  assert.equal((await callFunction("ops/health?live=1")).status, 200);
});

Deno.test("a function that doesn't exist answers as the platform does", async () => {
  const { status, body } = await callFunction<{ code: string }>("nothing-here/health");
  assert.deepEqual([status, body.code], [404, "NOT_FOUND"]);
});
