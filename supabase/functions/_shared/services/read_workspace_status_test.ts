import { deepEqual, equal } from "node:assert/strict";
import { createMemory } from "../../../../tests/in_memory/create_memory.ts";
import { createWorkspaceStore } from "../../../../tests/in_memory/create_workspace_store.ts";
import { readWorkspaceStatus } from "./read_workspace_status.ts";

const ORG = "11111111-1111-4111-8111-111111111111";

Deno.test("readWorkspaceStatus: an empty workspace names all three providers", async () => {
  const workspace = createWorkspaceStore(createMemory());
  const status = await readWorkspaceStatus({ workspace }, { orgId: ORG });
  deepEqual(Object.keys(status.integrations), ["vapi", "twilio", "whatsapp"]);
  deepEqual(status.integrations.vapi, {
    connected: false,
    lastFour: null,
    lastCheckedAt: null,
    lastError: null,
    pending: null,
    details: {},
  });
  deepEqual(status.agents, []);
});

Deno.test("readWorkspaceStatus: shows only what is known to be no secret", async () => {
  const memory = createMemory();
  memory.integrations.set(`${ORG}/vapi`, {
    org_id: ORG,
    provider: "vapi",
    connected: true,
    fingerprint: "fingerprint",
    last_four: "cdef",
    public_config: {
      number: { number: "+14155550100", previous: { server: { headers: { key: "theirs" } } } },
      added_later: "hidden until somebody decides",
    },
    revision: 1,
    ciphertext: "sealed",
    key_id: "k1",
  });
  const workspace = createWorkspaceStore(memory);
  const status = await readWorkspaceStatus({ workspace }, { orgId: ORG });
  deepEqual(status.integrations.vapi.details, { boundNumber: "+14155550100" });
  const text = JSON.stringify(status);
  for (const hidden of ["fingerprint", "theirs", "hidden", "sealed"]) {
    equal(text.includes(hidden), false, hidden);
  }
});

Deno.test("readWorkspaceStatus: a step that is left is named, with why it failed", async () => {
  const memory = createMemory();
  const row = {
    org_id: ORG,
    provider: "whatsapp" as const,
    connected: true,
    fingerprint: "fingerprint",
    last_four: "cdef",
    public_config: { push_error: "it answered 500" },
    revision: 1,
    ciphertext: "sealed",
    key_id: "k1",
  };
  memory.integrations.set(`${ORG}/whatsapp`, row);
  const workspace = createWorkspaceStore(memory);
  const read = async () =>
    (await readWorkspaceStatus({ workspace }, { orgId: ORG })).integrations.whatsapp;
  const { pending, lastError } = await read();
  deepEqual({ pending, lastError }, {
    pending: "webhook_subscription",
    lastError: "it answered 500",
  });
  Object.assign(row, { public_config: { subscribed_at: "2026-11-20T09:00:00Z" } });
  const after = await read();
  deepEqual({ pending: after.pending, lastError: after.lastError }, {
    pending: null,
    lastError: null,
  });
});
