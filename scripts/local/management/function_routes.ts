import { join } from "node:path";
import { Hono } from "hono";
import * as z from "zod";
import { deployFunction } from "./deploy_function.ts";
import type { FunctionStore, LiveFunction } from "./function_store.ts";
import { ManagementError } from "./management_error.ts";
import { readJson } from "./read_json.ts";
import { readUpload } from "./read_upload.ts";

const SLUG = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** One entry of a bulk update (BulkUpdateFunctionBody). */
const bulkUpdate = z.array(z.object({
  id: z.string(),
  slug: z.string().regex(SLUG),
  name: z.string(),
  status: z.enum(["ACTIVE", "REMOVED", "THROTTLED"]),
  version: z.int(),
  created_at: z.int().optional(),
  verify_jwt: z.boolean().optional(),
  import_map: z.boolean().optional(),
  entrypoint_path: z.string().optional(),
  import_map_path: z.string().optional(),
  ezbr_sha256: z.string().optional(),
}));

/** `/functions` of one project. */
export function createFunctionRoutes(
  dependencies: {
    store: FunctionStore;
    folder: string;
    deno: string;
    ref: string;
    clock: () => number;
  },
) {
  const { store, clock } = dependencies;
  const app = new Hono();
  const find = (slug: string): LiveFunction => {
    const found = store.find(slug);
    if (found === undefined) throw new ManagementError(404, "Function not found");
    return found;
  };

  app.get("/", (c) => c.json(store.list().map(({ row }) => row)));
  app.post("/deploy", async (c) => {
    const upload = await readUpload(c.req.raw);
    const slug = c.req.query("slug") ?? upload.metadata.name ?? "";
    if (!SLUG.test(slug)) throw new ManagementError(400, `slug: Invalid "${slug}"`);
    const row = await deployFunction(dependencies, { slug, upload });
    const isLive = !["true", "1"].includes(c.req.query("bundleOnly") ?? "");
    if (isLive) store.activate(row);
    return c.json(row, 201);
  });
  // All or none: what is refused here leaves everything as it was.
  app.put("/", async (c) => {
    const rows = (await readJson(c.req.raw, bulkUpdate)).map((given) => ({
      verify_jwt: true,
      import_map: false,
      entrypoint_path: "",
      ezbr_sha256: "",
      created_at: clock(),
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
      updated_at: clock(),
    })) as Parameters<FunctionStore["activate"]>[0][];
    store.activate(...rows);
    return c.json({ functions: rows });
  });
  app.get("/:slug", (c) => c.json(find(c.req.param("slug")).row));
  app.delete("/:slug", (c) => {
    find(c.req.param("slug"));
    store.remove(c.req.param("slug"));
    return c.body(null, 200);
  });
  app.get("/:slug/body", async (c) => {
    const { bundle } = find(c.req.param("slug"));
    const form = new FormData();
    form.append("metadata", JSON.stringify({ entrypoint_path: bundle.entrypoint }));
    for (const path of bundle.files) {
      form.append("file", new File([await Deno.readFile(join(bundle.folder, path))], path));
    }
    return new Response(form);
  });
  return app;
}
