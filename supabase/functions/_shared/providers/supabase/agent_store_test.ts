import assert from "node:assert/strict";
import { type Answer, serveAnswers } from "../../../../../tests/http/serve_answers.ts";
import { createSyncWorld, ORG_ID } from "../../../../../tests/in_memory/create_sync_world.ts";
import type { AppError } from "../../errors.ts";
import { createAgentStore } from "./agent_store.ts";
import { createDatabase, type Database } from "./create_database.ts";
import { createDriftStore } from "./drift_store.ts";

const agent = { ...createSyncWorld().agent("inbound"), applied: { name: "A" } };
const updated = {
  code: "updated",
  agents: [{ role: "inbound", id: "a1", revision: 2, changed: ["name"], created: false }],
  vapi_connected: true,
};
const mismatch = { code: "revision_mismatch", role: "inbound", revision: 3 };
const template = { id: "t1", key: "receptionist", language: "en", role: "inbound" };
const revision = {
  revision: 2,
  actor: "u1",
  actor_email: null,
  reason: null,
  changed: ["name"],
  before: { name: "A" },
  after: { name: "B" },
  created_at: "2026-11-20T10:00:00Z",
};
const check = {
  org_id: ORG_ID,
  role: "inbound",
  fencing_token: 1,
  agent,
  vapi: { fingerprint: "f", ciphertext: "c", key_id: "k", public_config: {} },
  settings: { org_id: ORG_ID, transfer_number: null, webhook_secret_version: 1, enabled_tools: [] },
  voice_defaults: null,
};

type Case = {
  /** The SQL function. */
  name: string;
  call(database: Database): Promise<unknown>;
  answers: Record<string, unknown>[];
};
const input = { if_match: null } as never;
const CASES: Case[] = [
  {
    name: "update_agent_behavior",
    call: (database) => createAgentStore(database).updateAgentBehavior(input),
    answers: [updated, mismatch],
  },
  {
    name: "apply_agent_template",
    call: (database) => createAgentStore(database).applyAgentTemplate(input),
    answers: [
      { ...updated, template: { id: "t1", key: "receptionist", language: "en" } },
      mismatch,
      {
        code: "template_not_found",
        available: [{ role: "inbound", key: "receptionist", language: "en" }],
      },
      { code: "settings_missing", missing: ["business_hours"] },
    ],
  },
  {
    name: "read_agent_history",
    call: (database) => createAgentStore(database).readAgentHistory(input),
    answers: [
      { code: "read", revisions: [revision], next_before: 2 },
      { code: "read", revisions: [], next_before: null },
      { code: "not_found" },
    ],
  },
  {
    name: "rollback_agent",
    call: (database) => createAgentStore(database).rollbackAgent(input),
    answers: [updated, mismatch, { code: "revision_not_found" }],
  },
  {
    name: "set_agent_activation",
    call: (database) => createAgentStore(database).setAgentActivation(input),
    answers: [
      { code: "set", agent, changed: true },
      { code: "not_ready", missing: ["assistant"] },
      { code: "not_found" },
    ],
  },
  {
    name: "adopt_assistant",
    call: (database) => createAgentStore(database).adoptAssistant(input),
    answers: [
      { code: "adopted", agent_id: "a1", previous_assistant_id: null },
      { code: "taken" },
      { code: "not_found" },
      { code: "held", retry_after_seconds: 2 },
    ],
  },
  {
    name: "record_drift_check",
    call: (database) => createDriftStore(database).recordDriftCheck(input),
    answers: [{ code: "recorded", policy: "repair", sync_queued: true }, { code: "lease_lost" }],
  },
];

function open(...answers: Answer[]) {
  const server = serveAnswers(...answers);
  const database = createDatabase({
    supabaseUrl: server.url,
    secretKey: "sb_secret_x",
    retryBaseMilliseconds: 1,
  });
  return { server, database };
}

for (const { name, call, answers } of CASES) {
  Deno.test(`${name}: each of its answers is understood, another is not`, async () => {
    for (const answer of answers) {
      const { server, database } = open({ status: 200, body: answer });
      await using _ = server;
      assert.deepEqual(await call(database), answer);
      assert.equal(server.received[0]?.path, `/rest/v1/rpc/${name}?columns=request`);
    }
    const { server, database } = open({ status: 200, body: { code: "something_else" } });
    await using _ = server;
    await assert.rejects(call(database), (error: AppError) => error.code === "internal");
  });
}

Deno.test("lists are given without what wraps them", async () => {
  const known = [{ role: "inbound", agent_id: "a1", vapi_assistant_id: null }];
  const listed = { ...template, name: "R", description: "D", defaults: {}, required_settings: [] };
  const lists: [unknown, (database: Database) => Promise<unknown>, unknown][] = [
    [
      { code: "listed", templates: [listed] },
      (database) => createAgentStore(database).listAgentTemplates({ language: null }),
      [listed],
    ],
    [
      { code: "listed", agents: known },
      (database) => createAgentStore(database).listKnownAssistants({ org_id: ORG_ID }),
      known,
    ],
    [
      { code: "claimed", checks: [check] },
      (database) =>
        createDriftStore(database)
          .claimDriftChecks({ limit: 1, lease_seconds: 1, worker_id: "w" }),
      [check],
    ],
  ];
  for (const [body, call, expected] of lists) {
    const { server, database } = open({ status: 200, body });
    await using _ = server;
    assert.deepEqual(await call(database), expected);
  }
});

Deno.test("a change against a revision is not repeated, since it would refuse itself", async () => {
  for (const [if_match, requests] of [[null, 3], [{ inbound: 1 }, 1]] as const) {
    const { server, database } = open({ status: 503, body: {} });
    await using _ = server;
    await assert.rejects(createAgentStore(database).updateAgentBehavior({ if_match } as never));
    assert.equal(server.received.length, requests);
  }
});
