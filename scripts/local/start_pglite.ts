import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { baseEnvironment } from "./base_environment.ts";
import { findFreePort } from "./find_free_port.ts";
import { openDatabase } from "./open_database.ts";
import { REPOSITORY } from "./repository.ts";
import { type SupervisedProcess, superviseProcess, type Supervision } from "./supervise_process.ts";

/**
 * PGlite behind its socket server, for one wire client, and behind a small query service for
 * everybody else on the stack's side (migrations, sign-in, tests).
 */
export function startPglite(
  { stateFolder, supervision }: { stateFolder: string; supervision: Supervision },
): { process: SupervisedProcess; url: string; wireUrl: string } {
  const [wirePort, queryPort] = [findFreePort(), findFreePort()];
  const token = randomBytes(16).toString("hex");
  const url = `http://postgres:${token}@127.0.0.1:${queryPort}`;
  const process = superviseProcess({
    name: "pglite",
    command: Deno.execPath(),
    args: [
      "run",
      "--allow-all",
      "--quiet",
      join(REPOSITORY, "scripts", "local", "pglite", "main.ts"),
      `--data-folder=${join(stateFolder, "pglite")}`,
      `--wire-port=${wirePort}`,
      `--query-port=${queryPort}`,
    ],
    env: { ...baseEnvironment(), QUERY_TOKEN: token },
    async isReady() {
      await openDatabase(url).query("select 1");
      return true;
    },
  }, supervision);
  return { process, url, wireUrl: `postgres://authenticator@127.0.0.1:${wirePort}/postgres` };
}
