import { Hono } from "hono";
import * as z from "zod";
import { readJson } from "./read_json.ts";
import { secretsSchema, type SecretStore } from "./secret_store.ts";

/** `/secrets` of one project. */
export function createSecretRoutes(secrets: SecretStore) {
  const app = new Hono();
  app.get("/", (c) => c.json(secrets.list()));
  app.post("/", async (c) => {
    secrets.set(await readJson(c.req.raw, secretsSchema));
    return c.body(null, 201);
  });
  app.delete("/", async (c) => {
    secrets.remove(await readJson(c.req.raw, z.array(z.string())));
    return c.body(null, 200);
  });
  return app;
}
