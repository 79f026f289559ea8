import { Hono } from "hono";
import * as z from "zod";
import { type Backup, backupSchema } from "./database_routes.ts";
import type { FunctionStore } from "./function_store.ts";
import type { Faults } from "./plan_faults.ts";
import { readJson } from "./read_json.ts";

/**
 * The routes under `/__control`, by which a test in another process steers the stand-in. They are
 * no part of the real API.
 */
export function createControlRoutes({ store, faults, requests, backups }: {
  store: FunctionStore;
  faults: Faults;
  requests: unknown[];
  backups: { list: Backup[] };
}) {
  const app = new Hono().basePath("/__control");
  app.post("/faults", async (c) => {
    faults.plant(await readJson(c.req.raw, z.unknown()));
    return c.json({}, 201);
  });
  app.delete("/faults", (c) => {
    faults.clear();
    return c.json({});
  });
  app.get("/requests", (c) => c.json(requests));
  app.delete("/requests", (c) => {
    requests.length = 0;
    return c.json({});
  });
  app.put("/backups", async (c) => {
    backups.list = await readJson(c.req.raw, z.array(backupSchema));
    return c.json({});
  });
  app.get("/functions", (c) => c.json(store.list()));
  return app;
}
