import { Logger, makeWorkerUtils } from "graphile-worker";
import pg from "pg";
import { readArguments, runLoop } from "./run_loop.mjs";

const { url, payload, pool, ...run } = readArguments();
const pgPool = new pg.Pool({ connectionString: url, max: pool });
const utils = await makeWorkerUtils({
  pgPool,
  logger: new Logger(() => () => {}),
});
await utils.migrate();
await runLoop((id) => utils.addJob("deliveries", { ...payload, id }), run);
process.exit(0);
