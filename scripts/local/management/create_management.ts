import { Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Answer } from "../simulators/serve_http.ts";
import { type Backup, createDatabaseRoutes } from "./database_routes.ts";
import { createFunctionRoutes } from "./function_routes.ts";
import type { FunctionStore } from "./function_store.ts";
import { ManagementError } from "./management_error.ts";
import type { Faults } from "./plan_faults.ts";
import { createSecretRoutes } from "./secret_routes.ts";
import type { SecretStore } from "./secret_store.ts";

export type Project = {
  /** 20 letters. */
  ref: string;
  name: string;
  databaseUrl: string;
};

/** What was asked of it, without what authorizes it. */
export type ManagementRequest = { method: string; path: string; status: number };

/**
 * The part of Supabase's Management API that a release uses, for one project, as strict as the
 * published one (https://api.supabase.com/api/v1): whoever has no token gets 401, what doesn't fit
 * the schema 400, what isn't there 404.
 */
export function createManagement(
  { project, accessToken, store, secrets, backups, faults, folder, deno, clock = Date.now }: {
    project: Project;
    accessToken: string;
    store: FunctionStore;
    secrets: SecretStore;
    backups: () => Backup[];
    faults: Faults;
    /** Where versions are unpacked. */
    folder: string;
    deno: string;
    clock?: () => number;
  },
) {
  const { ref, name, databaseUrl } = project;
  const requests: ManagementRequest[] = [];
  const row = {
    id: ref,
    ref,
    organization_id: "local",
    organization_slug: "local",
    name,
    region: "eu-central-1",
    created_at: new Date(clock()).toISOString(),
    status: "ACTIVE_HEALTHY",
    database: {
      host: `db.${ref}.supabase.co`,
      version: "17.6.1.054",
      postgres_engine: "17",
      release_channel: "ga",
    },
  };

  const app = new Hono();
  app.use("/v1/*", async (c, next) => {
    if (c.req.header("authorization") !== `Bearer ${accessToken}`) {
      throw new ManagementError(401, "Unauthorized");
    }
    await next();
  });
  app.get("/v1/projects", (c) => c.json([row]));
  app.use("/v1/projects/:ref/*", async (c, next) => {
    const given = c.req.param("ref") ?? "";
    if (!/^[a-z]{20}$/.test(given)) {
      throw new ManagementError(400, "ref: must be 20 letters from a to z");
    }
    if (given !== ref) throw new ManagementError(404, "Project not found");
    await next();
  });
  app.get("/v1/projects/:ref", (c) => c.json(row));
  app.route(
    "/v1/projects/:ref/functions",
    createFunctionRoutes({ store, folder, deno, ref, clock }),
  );
  app.route("/v1/projects/:ref/secrets", createSecretRoutes(secrets));
  app.route("/v1/projects/:ref/database", createDatabaseRoutes({ databaseUrl, backups }));
  app.notFound((c) => c.json({ message: `Cannot ${c.req.method} ${c.req.path}` }, 404));
  app.onError((error, c) => {
    if (!(error instanceof ManagementError)) throw error;
    return c.json({ message: error.message }, error.status as ContentfulStatusCode);
  });

  return {
    requests,
    async handle(request: Request): Promise<Answer> {
      const url = new URL(request.url);
      const fault = faults.strike(request.method, url);
      const note = (status: number) =>
        requests.push({ method: request.method, path: url.pathname + url.search, status });
      if (fault === null || fault.moment === "done") {
        const answer = await app.fetch(request);
        if (fault === null) {
          note(answer.status);
          return answer;
        }
        await answer.body?.cancel();
      }
      if (fault.status === "drop") {
        note(0);
        return "drop";
      }
      note(fault.status);
      const message = fault.message ?? "Internal Server Error";
      return Response.json({ message }, { status: fault.status });
    },
  };
}
