import { deepEqual, equal } from "node:assert/strict";
import { at } from "../../in_memory/read_answer.ts";
import { callFunction } from "../../support/call_function.ts";
import { createTenant, workspaceBody } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { killFunction, waitForFunction } from "../../support/restart_function.ts";
import {
  expireLeases,
  injectFault,
  listRequests,
  readVapi,
  saveWorkspace,
  waitUntil,
} from "../support/workspace.ts";

Deno.test("saves at the same instant make exactly two assistants", async () => {
  const tenant = await createTenant();
  const { key } = tenant.accounts.vapi;
  const answers = await Promise.all(Array.from({ length: 6 }, () => saveWorkspace(tenant)));
  const statuses = answers.map(({ status }) => status);
  equal(statuses.filter((status) => status === 200).length >= 1, true, `${statuses}`);
  for (const answer of answers.filter(({ status }) => status !== 200)) {
    equal(answer.status, 409);
    equal(at(answer.body, "code"), "conflict");
    equal(Number(answer.headers.get("retry-after")) >= 1, true);
  }
  const { assistants, phoneNumbers } = await readVapi(key);
  equal(assistants.length, 2);
  equal(phoneNumbers.length, 1);
});

Deno.test("a save beside manual syncs makes exactly two assistants", async () => {
  const tenant = await createTenant();
  const { key } = tenant.accounts.vapi;
  const body = { vapi_api_key: key };
  await using _slow = await injectFault("vapi", key, {
    path: "/assistant",
    method: "POST",
    mode: "latency",
    latencyMilliseconds: 300,
  });
  const saving = saveWorkspace(tenant, { body });
  await waitUntil(
    "the first create",
    async () => (await listRequests("vapi", key)).some(({ method }) => method === "POST"),
  );
  const syncs = await Promise.all(
    [1, 2].map(() => callFunction("agent-sync/sync", { token: tenant.owner.token, body: {} })),
  );
  deepEqual(syncs.map(({ status }) => status), [200, 200]);
  equal((await saving).status, 200);
  equal((await readVapi(key)).assistants.length, 2);
  const agents = await queryDatabase<{ sync_status: string }>(
    "select sync_status from public.agents where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  deepEqual(agents.map(({ sync_status }) => sync_status), ["synced", "synced"]);
});

Deno.test("a process killed between Vapi's create and our record: the next save adopts", async () => {
  const tenant = await createTenant();
  const { key } = tenant.accounts.vapi;
  {
    // Vapi makes the assistants and its answers never arrive.
    await using _fault = await injectFault("vapi", key, {
      path: "/assistant",
      method: "POST",
      mode: "hang",
      moment: "after",
    });
    const lost = saveWorkspace(tenant).catch(() => null);
    await waitUntil("two orphans", async () => (await readVapi(key)).assistants.length === 2);
    const { pid } = killFunction("workspace-save");
    await lost;
    await waitForFunction("workspace-save", { otherThan: pid });
  }
  const orphans = (await readVapi(key)).assistants.map(({ id }) => id).toSorted();

  const busy = await saveWorkspace(tenant);
  equal(busy.status, 409, "the dead process's lease is still alive");
  await expireLeases(tenant.orgId);
  const { status, body } = await saveWorkspace(tenant);
  equal(status, 200, JSON.stringify(body));
  equal(at(body, "steps.agentsSynced"), true);
  deepEqual((await readVapi(key)).assistants.map(({ id }) => id).toSorted(), orphans);
  const ids = [at(body, "agents.0.vapiAssistantId"), at(body, "agents.1.vapiAssistantId")];
  deepEqual(ids.toSorted(), orphans);
});

Deno.test("a process killed while it imports the number: the next save finds it", async () => {
  const tenant = await createTenant();
  const { key } = tenant.accounts.vapi;
  {
    await using _fault = await injectFault("vapi", key, {
      path: "/phone-number",
      method: "POST",
      mode: "hang",
      moment: "after",
    });
    const lost = saveWorkspace(tenant).catch(() => null);
    await waitUntil(
      "the imported number",
      async () => (await readVapi(key)).phoneNumbers.length === 1,
    );
    const { pid } = killFunction("workspace-save");
    await lost;
    await waitForFunction("workspace-save", { otherThan: pid });
  }
  await expireLeases(tenant.orgId);
  const { status, body } = await saveWorkspace(tenant);
  equal(status, 200);
  equal(at(body, "steps.numberBound"), true);
  equal((await readVapi(key)).phoneNumbers.length, 1);

  // Known as ours although its record was lost: disconnecting removes it.
  const disconnected = await callFunction("workspace-save/twilio", {
    method: "DELETE",
    token: tenant.owner.token,
  });
  equal(disconnected.status, 200);
  equal((await readVapi(key)).phoneNumbers.length, 0);
});

Deno.test("a killed save leaves its idempotency key to the next try", async () => {
  const tenant = await createTenant();
  const { sid } = tenant.accounts.twilio;
  const headers = { "idempotency-key": "killed-save" };
  {
    await using _fault = await injectFault("twilio", sid, { path: "/2010-04-01/**", mode: "hang" });
    const lost = saveWorkspace(tenant, { headers }).catch(() => null);
    await waitUntil("the check", async () => (await listRequests("twilio", sid)).length > 0);
    const { pid } = killFunction("workspace-save");
    await lost;
    await waitForFunction("workspace-save", { otherThan: pid });
  }
  const claimed = await saveWorkspace(tenant, { headers });
  equal(claimed.status, 409);
  await queryDatabase(
    `update public.idempotency_keys set claim_expires_at = now() - interval '1 second'
     where org_id = $1::text::uuid`,
    [tenant.orgId],
  );
  await expireLeases(tenant.orgId);
  const retried = await saveWorkspace(tenant, { headers, body: workspaceBody(tenant.accounts) });
  equal(retried.status, 200);
});
