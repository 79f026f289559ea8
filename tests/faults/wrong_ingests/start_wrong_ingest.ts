import { fileURLToPath } from "node:url";
import type { Target } from "../harness/deliver_under_faults.ts";
import { findFreePort } from "../../../scripts/local/find_free_port.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";

export type WrongDesign = "acknowledge_first" | "check_then_insert";

/** Serves a wrong design in a process of its own, which is started again whenever it is killed. */
export async function startWrongIngest(design: WrongDesign): Promise<Target & AsyncDisposable> {
  await queryDatabase("create schema if not exists wrong_ingest");
  await queryDatabase("create table if not exists wrong_ingest.messages (design text, wamid text)");
  await queryDatabase(
    "create index if not exists messages_idx on wrong_ingest.messages (design, wamid)",
  );
  await queryDatabase("delete from wrong_ingest.messages where design = $1", [design]);
  const port = findFreePort();
  let isEnding = false;
  let child = start();

  function start(): Deno.ChildProcess {
    const started = new Deno.Command(Deno.execPath(), {
      args: [
        ["run", "--allow-all", "--no-check", fileURLToPath(new URL("./serve.ts", import.meta.url))],
        [design, String(port), readStack().database_url],
      ].flat(),
      stdout: "null",
      stderr: "null",
      stdin: "null",
    }).spawn();
    started.status.then(() => {
      if (!isEnding) child = start();
    });
    return started;
  }

  const deliver: Target["deliver"] = async ({ wamid }) => {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        method: "POST",
        body: JSON.stringify({ wamid }),
        signal: AbortSignal.timeout(20_000),
      });
      await response.body?.cancel();
      return response.status === 200;
    } catch {
      return false;
    }
  };
  return {
    deliver,
    breakSomething() {
      child.kill("SIGKILL");
      return Promise.resolve();
    },
    async countEffects() {
      const rows = await queryDatabase<{ wamid: string; count: number }>(
        "select wamid, count(*)::int as count from wrong_ingest.messages where design = $1 group by wamid",
        [design],
      );
      return new Map(rows.map(({ wamid, count }) => [wamid, count]));
    },
    async [Symbol.asyncDispose]() {
      isEnding = true;
      child.kill("SIGKILL");
      await child.status;
      await queryDatabase("drop schema wrong_ingest cascade");
    },
  };
}
