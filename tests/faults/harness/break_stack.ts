import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import { killFunction } from "../../support/restart_function.ts";

const KINDS = ["function", "database", "connections"] as const;

/** Ends the webhook's process, crashes PostgreSQL, or ends all its connections; in turns. */
export async function breakStack(nth: number): Promise<void> {
  switch (KINDS[nth % KINDS.length]) {
    case "function":
      return await retry(() => void killFunction("unified-webhook"));
    case "database":
      // Immediate shutdown: no checkpoint, no goodbye; the next start recovers from the log.
      return await retry(() => {
        const pid = readStack().processes["postgres"] ?? 0;
        // As a process's id 0 means the tests' own group.
        if (pid === 0) throw new Error("Cannot crash PostgreSQL: it does not run");
        Deno.kill(pid, "SIGQUIT");
      });
    default:
      // The database may be recovering from the fault before: then its connections are gone anyway.
      await queryDatabase(
        "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'",
      ).catch(() => {});
  }
}

/** What is to be ended may be starting again at this moment. */
async function retry(end: () => void): Promise<void> {
  for (let attempt = 0;; attempt += 1) {
    try {
      return end();
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Waits until the database answers, whatever was broken before. */
export async function waitForDatabase(): Promise<void> {
  for (let attempt = 0;; attempt += 1) {
    try {
      await queryDatabase("select 1");
      return;
    } catch (error) {
      if (attempt === 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
