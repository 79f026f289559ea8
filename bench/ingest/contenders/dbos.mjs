import { DBOS } from "@dbos-inc/dbos-sdk";
import { readArguments, runLoop } from "./run_loop.mjs";

const { url, payload, pool, ...run } = readArguments();
DBOS.setConfig({
  name: "ingest-bench",
  systemDatabaseUrl: url,
  systemDatabasePoolSize: pool,
  runAdminServer: false,
  logLevel: "error",
});
const take = DBOS.registerWorkflow((delivery) => Promise.resolve(delivery.id), {
  name: "take",
});
await DBOS.launch();
// A started workflow is durable when its handle is there.
await runLoop(
  (id) =>
    DBOS.startWorkflow(take, { workflowID: crypto.randomUUID() })({
      ...payload,
      id,
    }),
  run,
);
process.exit(0);
