import assert from "node:assert/strict";
import { runLimited } from "./run_limited.ts";

const shell = (script: string) =>
  new Deno.Command("sh", { args: ["-c", script], stdout: "piped", stderr: "piped" });

Deno.test("a command in time is heard to its end", async () => {
  const { success, stdout } = await runLimited(shell("echo done; exit 3"), {
    action: "Cannot echo",
    limitMilliseconds: 60_000,
  });
  assert.deepEqual([success, new TextDecoder().decode(stdout)], [false, "done\n"]);
});

Deno.test("one that comes to no end is ended, and so is one that a person interrupts", async () => {
  const endless = () => shell("exec sleep 600");
  await assert.rejects(
    runLimited(endless(), { action: "Cannot sleep", limitMilliseconds: 50 }),
    { name: "ReleaseError", code: "unreachable", message: /Cannot sleep: it came to no end/ },
  );
  for (const signal of [AbortSignal.abort(), AbortSignal.timeout(50)]) {
    await assert.rejects(
      runLimited(endless(), { action: "Cannot sleep", limitMilliseconds: 60_000, signal }),
      { code: "failed", message: "Cannot sleep: interrupted" },
    );
  }
});
