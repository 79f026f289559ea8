import assert from "node:assert/strict";
import { type Answer, serveAnswers } from "../../../../../tests/http/serve_answers.ts";
import { createSyncWorld, ORG_ID } from "../../../../../tests/in_memory/create_sync_world.ts";
import type { AppError } from "../../errors.ts";
import { createAgentSyncStore } from "./agent_sync_store.ts";
import { createDatabase, type Database } from "./create_database.ts";
import { createCredentialStore } from "./credential_store.ts";
import { createHealthStore } from "./health_store.ts";
import { createJobStore } from "./job_store.ts";
import { createRequestStore } from "./request_store.ts";
import { createWorkspaceStore } from "./workspace_store.ts";

const agent = { ...createSyncWorld().agent("inbound"), a_later_column: true };
const settings = {
  org_id: ORG_ID,
  transfer_number: null,
  webhook_secret_version: 1,
  enabled_tools: [],
  time_zone: "UTC",
};
const vapi = { fingerprint: "f", ciphertext: "c", key_id: "k", public_config: {} };
const integration = {
  provider: "vapi",
  connected: true,
  last_four: "1234",
  public_config: {},
  revision: 1,
  last_checked_at: null,
  last_error: null,
};
const sealed = { ...integration, fingerprint: "f", ciphertext: "c", key_id: "k" };
const began = {
  code: "began",
  fencing_token: 1,
  integrations: [sealed, { ...sealed, provider: "twilio", ciphertext: null, key_id: null }],
  agents: [agent],
  settings,
};
const claimed = {
  code: "claimed",
  fencing_token: 1,
  interrupted: false,
  agent,
  vapi,
  settings,
  voice_defaults: null,
};
const lost = { code: "lease_lost" };

type Case = {
  /** The SQL function. */
  name: string;
  call(database: Database): Promise<unknown>;
  /** Each of its answers. */
  answers: Record<string, unknown>[];
  idempotent: boolean;
};
const input = {} as never;
const CASES: Case[] = [
  {
    name: "authorize_request",
    call: (database) =>
      createRequestStore(database).authorizeRequest({ idempotency: null } as never),
    answers: [
      { code: "authorized", org_id: ORG_ID, role: "owner" },
      {
        code: "organization_required",
        organizations: [{ org_id: ORG_ID, name: "A", role: "viewer" }],
      },
      { code: "forbidden", reason: "not_member" },
      { code: "forbidden", reason: "role_too_low", org_id: ORG_ID, role: "member" },
      { code: "rate_limited", retry_after_seconds: 3 },
      {
        code: "replayed",
        org_id: ORG_ID,
        role: "admin",
        response_status: 200,
        response_body: { success: true },
      },
      { code: "in_progress", retry_after_seconds: 1 },
      { code: "idempotency_key_reused" },
    ],
    idempotent: true,
  },
  {
    name: "authorize_request",
    call: (database) =>
      createRequestStore(database).authorizeRequest({ idempotency: { key: "k" } } as never),
    answers: [{ code: "authorized", org_id: ORG_ID, role: "owner" }],
    idempotent: false,
  },
  {
    name: "complete_request",
    call: (database) => createRequestStore(database).completeRequest(input),
    answers: [{ code: "completed" }, { code: "released" }],
    idempotent: true,
  },
  {
    name: "begin_workspace_save",
    call: (database) => createWorkspaceStore(database).beginWorkspaceSave(input),
    answers: [began, { code: "busy", retry_after_seconds: 2 }],
    idempotent: true,
  },
  {
    name: "store_workspace",
    call: (database) => createWorkspaceStore(database).storeWorkspace(input),
    answers: [
      {
        code: "stored",
        agents: [{ id: "a", role: "inbound", created: true }],
        integrations: [{ provider: "vapi", revision: 2 }],
      },
      lost,
      { code: "taken", provider: "twilio", field: "twilio_from_number" },
    ],
    idempotent: false,
  },
  {
    name: "finish_workspace_save",
    call: (database) => createWorkspaceStore(database).finishWorkspaceSave(input),
    answers: [{ code: "finished" }, lost],
    idempotent: true,
  },
  {
    name: "read_workspace",
    call: (database) => createWorkspaceStore(database).readWorkspace({ org_id: ORG_ID }),
    answers: [{ code: "read", integrations: [integration], agents: [agent] }],
    idempotent: true,
  },
  {
    name: "disconnect_integration",
    call: (database) => createWorkspaceStore(database).disconnectIntegration(input),
    answers: [{ code: "disconnected" }, { code: "not_connected" }, lost],
    idempotent: false,
  },
  {
    name: "claim_agent_sync",
    call: (database) => createAgentSyncStore(database).claimAgentSync(input),
    answers: [
      claimed,
      { code: "held", retry_after_seconds: 1 },
      { code: "not_connected", agent },
      { code: "not_found" },
    ],
    idempotent: true,
  },
  {
    name: "read_agent_sync",
    call: (database) => createAgentSyncStore(database).readAgentSync(input),
    answers: [
      { code: "read", agent, vapi, settings, voice_defaults: null },
      { code: "not_connected", agent },
      { code: "not_found" },
    ],
    idempotent: true,
  },
  {
    name: "record_create_intent",
    call: (database) => createAgentSyncStore(database).recordCreateIntent(input),
    answers: [
      { code: "recorded", previous_intent_at: null, intended_at: "2026-11-20T10:00:00Z" },
      lost,
    ],
    idempotent: true,
  },
  {
    name: "record_agent_sync",
    call: (database) => createAgentSyncStore(database).recordAgentSync(input),
    answers: [{ code: "recorded", again: true }, lost],
    idempotent: true,
  },
  {
    name: "read_sync_status",
    call: (database) => createAgentSyncStore(database).readSyncStatus({ org_id: ORG_ID }),
    answers: [{ code: "read", agents: [agent], queued_jobs: 0 }],
    idempotent: true,
  },
  {
    name: "read_credential",
    call: (database) => createCredentialStore(database).readCredential(input),
    answers: [{ code: "read", connected: true, ...vapi }, { code: "not_connected" }],
    idempotent: true,
  },
  {
    name: "record_credential_check",
    call: (database) => createCredentialStore(database).recordCredentialCheck(input),
    answers: [{ code: "recorded" }, { code: "superseded" }],
    idempotent: false,
  },
  {
    name: "list_credentials",
    call: (database) => createCredentialStore(database).listCredentials(input),
    answers: [{
      code: "listed",
      credentials: [{ org_id: ORG_ID, provider: "vapi", ciphertext: "c", key_id: "k" }],
    }],
    idempotent: true,
  },
  {
    name: "replace_credential",
    call: (database) => createCredentialStore(database).replaceCredential(input),
    answers: [{ code: "replaced" }, { code: "changed" }],
    idempotent: true,
  },
  {
    name: "queue_due_jobs",
    call: (database) => createJobStore(database).queueDueJobs(input),
    answers: [{ code: "queued", count: 2 }],
    idempotent: true,
  },
  {
    name: "claim_jobs",
    call: (database) => createJobStore(database).claimJobs(input),
    answers: [{
      code: "claimed",
      jobs: [{
        id: "j",
        kind: "expire_rows",
        org_id: null,
        payload: {},
        attempts: 1,
        fencing_token: 5,
      }],
    }],
    idempotent: false,
  },
  {
    name: "complete_job",
    call: (database) => createJobStore(database).completeJob(input),
    answers: [{ code: "recorded", state: "completed" }, lost],
    idempotent: false,
  },
  {
    name: "record_heartbeat",
    call: (database) => createJobStore(database).recordHeartbeat(input),
    answers: [{ code: "recorded" }],
    idempotent: true,
  },
  {
    name: "expire_rows",
    call: (database) => createJobStore(database).expireRows(input),
    answers: [{ code: "expired", idempotency_keys: 1, rate_limits: 0, leases: 0 }],
    idempotent: true,
  },
  {
    name: "read_health",
    call: (database) =>
      createHealthStore(database).readHealth({ signal: new AbortController().signal }),
    answers: [{
      code: "read",
      database_size_mb: 12.5,
      background_jobs: {
        last_heartbeat_at: null,
        seconds_since_heartbeat: null,
        queued: 0,
        oldest_queued_seconds: null,
        dead_lettered: 0,
      },
      flags_valid: true,
    }],
    idempotent: false,
  },
];

const down: Answer = { status: 503, body: { code: "PGRST001", message: "no connection" } };

function connect(supabaseUrl: string): Database {
  return createDatabase({
    supabaseUrl,
    secretKey: "sb_secret_local_demo_key",
    retryBaseMilliseconds: 1,
  });
}

for (const { name, call, answers, idempotent } of CASES) {
  Deno.test(`${name} understands each of its answers${idempotent ? ", and is repeated" : ""}`, async () => {
    for (const body of answers) {
      await using server = serveAnswers({ status: 200, body });
      await call(connect(server.url));
      assert.equal(server.received[0]?.path, `/rest/v1/rpc/${name}?columns=request`);
    }
    await using failing = serveAnswers(down);
    await assert.rejects(
      call(connect(failing.url)),
      (error: AppError) => error.code === "unavailable",
    );
    assert.equal(failing.received.length, idempotent ? 3 : 1);
    await using other = serveAnswers({ status: 200, body: { code: "something_else" } });
    await assert.rejects(call(connect(other.url)), (error: AppError) => error.code === "internal");
  });
}

Deno.test("what comes back is what was answered, its code left where it decides", async () => {
  await using server = serveAnswers(
    { status: 200, body: claimed },
    { status: 200, body: { code: "read", integrations: [integration], agents: [agent] } },
    { status: 200, body: { code: "expired", idempotency_keys: 1, rate_limits: 0, leases: 0 } },
  );
  const database = connect(server.url);
  assert.deepEqual(await createAgentSyncStore(database).claimAgentSync(input), claimed);
  assert.deepEqual(await createWorkspaceStore(database).readWorkspace({ org_id: ORG_ID }), {
    integrations: [{ ...integration, fingerprint: null }],
    agents: [agent],
  });
  assert.deepEqual(await createJobStore(database).expireRows({ limit: 1 }), {
    idempotency_keys: 1,
    rate_limits: 0,
    leases: 0,
  });
});
