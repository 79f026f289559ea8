import type { LiveFunction } from "../../../scripts/local/management/function_store.ts";
import type { Backup } from "../../../scripts/local/management/database_routes.ts";
import type { CliTarget } from "../../../scripts/local/management/deploy_checkout.ts";
import type { ManagementRequest } from "../../../scripts/local/management/create_management.ts";
import type { PlannedFault } from "../../../scripts/local/management/plan_faults.ts";
import { readStack } from "../../support/read_stack.ts";

export type OpenManagement = CliTarget & {
  apiUrl: string;
  /** Where the gateway serves the project. */
  projectUrl: string;
  databaseUrl: string;
  fail(fault: PlannedFault): Promise<void>;
  clearFaults(): Promise<void>;
  setBackups(backups: Backup[]): Promise<void>;
  /** Every request of the API so far, in order; `clearRequests` begins anew. */
  listRequests(): Promise<ManagementRequest[]>;
  clearRequests(): Promise<void>;
  /** The live functions, with the code they run. */
  listFunctions(): Promise<LiveFunction[]>;
  /** The API itself, with the token; `path` follows `/v1/projects/<ref>`. */
  call(method: string, path: string, body?: unknown): Promise<Response>;
};

/** The stand-in for the platform that the stack of these tests runs, steered from this process. */
export function openManagement(): OpenManagement {
  const { management, url, database_url } = readStack();
  if (management === undefined) {
    throw new Error('Cannot find the stand-in: run these tests with "deno task test rehearsal"');
  }
  const { api_url: apiUrl, profile_path, access_token, ref } = management;

  async function control<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${apiUrl}/__control/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Cannot steer the stand-in: ${response.status} ${text}`);
    return JSON.parse(text) as Answer;
  }

  return {
    apiUrl,
    profilePath: profile_path,
    accessToken: access_token,
    ref,
    projectUrl: url,
    databaseUrl: database_url,
    fail: (fault) => control("POST", "faults", fault),
    clearFaults: () => control("DELETE", "faults"),
    setBackups: (backups) => control("PUT", "backups", backups),
    listRequests: () => control("GET", "requests"),
    clearRequests: () => control("DELETE", "requests"),
    listFunctions: () => control("GET", "functions"),
    call: (method, path, body) =>
      fetch(`${apiUrl}/v1/projects/${ref}${path}`, {
        method,
        headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}
