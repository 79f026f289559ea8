import { Hono } from "hono";
import { findObject, readBody, requireReference } from "./context.ts";
import type { VapiVariables } from "./context.ts";
import { listObjects } from "./list_objects.ts";
import { createTool, updateTool } from "./schemas/tools.ts";
import { insertObject, patchObject } from "./store.ts";
import type { VapiAccount } from "./store.ts";

/** `/tool`. A tool that an assistant holds by version (`model.toolRefs`) can't be deleted. */
export function toolRoutes() {
  const app = new Hono<VapiVariables>();
  app.post("/", async (c) => {
    const fields = await readBody(c, createTool);
    requireFiles(c.get("account"), fields);
    return c.json(insertObject(c.get("account"), "tools", fields), 201);
  });
  app.get("/", (c) => c.json(listObjects(c.get("account").tools.values(), c.req.query())));
  app.get("/:id", (c) => c.json(findObject(c, "tools")));
  app.patch("/:id", async (c) => {
    const type = findObject(c, "tools")["type"] as keyof typeof updateTool;
    const fields = await readBody(c, updateTool[type]);
    requireFiles(c.get("account"), fields);
    return c.json(patchObject(c.get("account"), "tools", findObject(c, "tools"), fields));
  });
  app.delete("/:id", (c) => {
    const object = findObject(c, "tools");
    const account = c.get("account");
    if (isPinned(account, object.id)) {
      const message = `Tool ${object.id} is pinned by an assistant`;
      return c.json({ error: "tool_pinned", message }, 409);
    }
    account.tools.delete(object.id);
    return c.json(object);
  });
  return app;
}

function requireFiles(
  account: VapiAccount,
  fields: { knowledgeBases?: { fileIds: string[] }[] | undefined } | Record<string, unknown>,
): void {
  const bases = (fields as { knowledgeBases?: { fileIds: string[] }[] }).knowledgeBases ?? [];
  for (const id of bases.flatMap((base) => base.fileIds)) {
    requireReference(account, "files", "knowledgeBases.fileIds", id);
  }
}

function isPinned(account: VapiAccount, id: string): boolean {
  return [...account.assistants.values()].some((assistant) => {
    const model = assistant["model"] as { toolRefs?: { toolId: string }[] } | undefined;
    return model?.toolRefs?.some((reference) => reference.toolId === id) ?? false;
  });
}
