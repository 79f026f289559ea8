import { Hono } from "hono";
import type * as z from "zod";
import { findObject, readBody } from "./context.ts";
import type { VapiVariables } from "./context.ts";
import { listObjects } from "./list_objects.ts";
import { NestError } from "./nest_error.ts";
import { assistant } from "./schemas/assistant.ts";
import { insertObject, patchObject } from "./store.ts";
import type { VapiAccount } from "./store.ts";

/** `/assistant`. A PATCH replaces each top-level field that it names as a whole. */
export function assistantRoutes() {
  const app = new Hono<VapiVariables>();
  app.post("/", async (c) => {
    const fields = await readBody(c, assistant);
    requireTools(c.get("account"), fields);
    const created = insertObject(c.get("account"), "assistants", {
      ...fields,
      isServerUrlSecretSet: false,
    });
    return c.json(created, 201);
  });
  app.get("/", (c) => c.json(listObjects(c.get("account").assistants.values(), c.req.query())));
  app.get("/:id", (c) => c.json(findObject(c, "assistants")));
  app.patch("/:id", async (c) => {
    findObject(c, "assistants");
    const fields = await readBody(c, assistant);
    requireTools(c.get("account"), fields);
    // Looked up again: it may have been deleted while the body was read.
    return c.json(
      patchObject(c.get("account"), "assistants", findObject(c, "assistants"), fields),
    );
  });
  app.delete("/:id", (c) => {
    const object = findObject(c, "assistants");
    c.get("account").assistants.delete(object.id);
    return c.json(object);
  });
  return app;
}

/** A missing tool, or two of one name, makes every call fail at Vapi; here it is refused at once. */
function requireTools(account: VapiAccount, fields: z.output<typeof assistant>): void {
  const { toolIds = [], toolRefs = [], tools = [] } = fields.model ?? {};
  const names = tools.flatMap((tool) =>
    tool.type === "function" && tool.function ? [tool.function.name] : []
  );
  const twice = names.filter((name, place) => names.indexOf(name) !== place);
  if (twice.length > 0) {
    throw new NestError(400, twice.map((name) => `model.tools: two functions are named ${name}`));
  }
  const missing = [...toolIds, ...toolRefs.map((reference) => reference.toolId)]
    .filter((id) => !account.tools.has(id));
  if (missing.length === 0) return;
  throw new NestError(400, missing.map((id) => `model.toolIds: tool ${id} does not exist`));
}
