import { PgBoss } from "pg-boss";
import { readArguments, runLoop } from "./run_loop.mjs";

const { url, payload, pool, ...run } = readArguments();
const boss = new PgBoss({
  connectionString: url,
  max: pool,
  supervise: false,
  schedule: false,
});
await boss.start();
await boss.createQueue("deliveries");
await runLoop(async (id) => {
  const job = await boss.send("deliveries", { ...payload, id });
  if (job === null) throw new Error("not stored");
}, run);
process.exit(0);
