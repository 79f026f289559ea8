import { join } from "node:path";
import type { GatewayConfig } from "../gateway/config.ts";
import type { ProcessRegistry } from "../process_registry.ts";
import { REPOSITORY } from "../repository.ts";
import { serveHttp } from "../simulators/serve_http.ts";
import { createControlRoutes } from "./control_routes.ts";
import { createManagement, type ManagementRequest } from "./create_management.ts";
import type { Backup } from "./database_routes.ts";
import { createFunctionStore, type LiveFunction } from "./function_store.ts";
import { createHost } from "./host/create_host.ts";
import { planFaults, type PlannedFault } from "./plan_faults.ts";
import { createSecretStore } from "./secret_store.ts";

/** What runs a function, and all of this checkout that an uploaded one can see. */
const RUNTIME_FILES = ["serve_function.ts", "end_with_parent.ts"];

export type Management = {
  /** Where the Supabase CLI finds it: `api_url` of the profile. */
  apiUrl: string;
  profilePath: string;
  accessToken: string;
  /** The one project's 20 letters. */
  ref: string;
  /** Serves `/<slug>/…` from what was uploaded. */
  functionsUrl: string;
  /** The folder of everything uploaded, and in it that of what runs a function. */
  uploads: string;
  runtime: string;
  fail(fault: PlannedFault): void;
  clearFaults(): void;
  setBackups(backups: Backup[]): void;
  state: {
    /** The live functions with the code they run. */
    functions(): LiveFunction[];
    /** Names and digests. */
    secrets(): { name: string; value: string }[];
    /** Every request so far, in order. */
    requests: ManagementRequest[];
    /** The processes that serve now. */
    processes(): Record<string, { port: number; pid: number }>;
  };
  stop(): Promise<void>;
};

/** A backup that was made just now, as a project on a paid plan has one. */
function freshBackup(clock: () => number): Backup {
  const inserted_at = new Date(clock() - 3_600_000).toISOString();
  return { id: 1, is_physical_backup: true, status: "COMPLETED", inserted_at };
}

/**
 * Starts a stand-in for Supabase's Management API on loopback with one project, and a host that
 * boots what is uploaded to it, each version in an empty folder outside the checkout.
 */
export async function startManagement(
  {
    folder,
    databaseUrl,
    projectUrl,
    platform,
    deno,
    registry,
    tokens,
    onChange,
    clock = Date.now,
  }: {
    /** For logs and the CLI's profile. */
    folder: string;
    databaseUrl: string;
    /** The gateway's, which serves the project. */
    projectUrl: string;
    /** Variables that the platform gives every function: `SUPABASE_…`. */
    platform: Record<string, string>;
    /** The Deno that functions run on. */
    deno: string;
    registry: ProcessRegistry;
    tokens: Pick<GatewayConfig, "publicJwk" | "legacyJwtSecret">;
    onChange?: () => unknown;
    clock?: () => number;
  },
): Promise<Management> {
  const project = {
    ref: "switchboardrehearsal",
    name: "rehearsal",
    databaseUrl,
  };
  const bytes = crypto.getRandomValues(new Uint8Array(20));
  const accessToken = `sbp_${Array.from(bytes, (n) => n.toString(16).padStart(2, "0")).join("")}`;
  // Its real path: the permission to read a folder is none to read what links to it.
  const uploads = await Deno.realPath(
    await Deno.makeTempDir({ prefix: "switchboard-project-" }),
  );
  const runtime = join(uploads, "runtime");
  await Deno.mkdir(runtime);
  for (const file of RUNTIME_FILES) {
    await Deno.copyFile(
      join(REPOSITORY, "scripts", "local", file),
      join(runtime, file),
    );
  }

  const store = createFunctionStore();
  const secrets = createSecretStore(
    { ...platform, SUPABASE_URL: projectUrl },
    clock,
  );
  const faults = planFaults();
  const backups = { list: [freshBackup(clock)] };
  const management = createManagement({
    project,
    accessToken,
    store,
    secrets,
    backups: () => backups.list,
    faults,
    folder: join(uploads, "functions"),
    deno,
    clock,
  });
  const { requests } = management;
  const control = createControlRoutes({ store, faults, requests, backups });
  const api = await serveHttp(
    0,
    async (request) =>
      new URL(request.url).pathname.startsWith("/__control/")
        ? await control.fetch(request)
        : await management.handle(request),
  );
  const host = createHost({
    store,
    secrets,
    deno,
    runtime,
    stateFolder: folder,
    registry,
    tokens,
    ...(onChange === undefined ? {} : { onChange }),
  });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => host.handle(request),
  );
  const profilePath = join(folder, "profile.yaml");
  await Deno.writeTextFile(profilePath, describeProfile(api.url));

  return {
    apiUrl: api.url,
    profilePath,
    accessToken,
    ref: project.ref,
    functionsUrl: `http://127.0.0.1:${server.addr.port}`,
    uploads,
    runtime,
    fail: faults.plant,
    clearFaults: faults.clear,
    setBackups(list) {
      backups.list = list;
    },
    state: {
      functions: store.list,
      secrets: secrets.list,
      requests,
      processes: host.list,
    },
    async stop() {
      await api.stop();
      await server.shutdown();
      await host.stop();
      await Deno.remove(uploads, { recursive: true });
    },
  };
}

/** The CLI's own file that says where a Supabase is. */
function describeProfile(apiUrl: string): string {
  return [
    "name: rehearsal",
    ...["api_url", "dashboard_url", "docs_url"].map((key) => `${key}: ${apiUrl}`),
    ...["project_host", "pooler_host"].map((key) => `${key}: 127.0.0.1`),
    "",
  ].join("\n");
}
