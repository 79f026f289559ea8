/**
 * Serves the local stack of any checkout, by that checkout's own code, until its standard input
 * ends: `deno run -A --config <checkout>/deno.json serve_release.ts <checkout> <state folder> <port>`
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [checkout = "", stateFolder = "", port = "0"] = Deno.args;
const { startStack } = await import(
  pathToFileURL(join(checkout, "scripts", "local", "start_stack.ts")).href
);
const ending = new AbortController();
const stack = await startStack({
  engine: "postgres",
  stateFolder,
  port: Number(port),
  overrides: { PROVIDER_RETRY_BASE_MILLISECONDS: "20" },
  reset: false,
  // Nothing changes by itself: what a migration does to rows is then all that happens to them.
  cron: false,
  watch: false,
  echo: false,
  report: () => {},
  signal: ending.signal,
});
Deno.stdout.writeSync(new TextEncoder().encode("ready\n"));
for await (const _ of Deno.stdin.readable) continue;
await stack.stop();
Deno.exit(0);
