import { deepEqual, equal } from "node:assert/strict";
import { at } from "../../in_memory/read_answer.ts";
import { callFunction } from "../../support/call_function.ts";
import { createTenant, workspaceBody } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { startExtraFunction } from "../support/start_extra_function.ts";
import { clearRequests, listRequests, saveWorkspace } from "../support/workspace.ts";

Deno.test("ENABLE_WORKSPACE_TIER=false stops saves alone, and leaves everything as it is", async () => {
  const tenant = await createTenant();
  await saveWorkspace(tenant);
  const { key } = tenant.accounts.vapi;
  const headers = {
    authorization: `Bearer ${tenant.owner.token}`,
    "content-type": "application/json",
  };
  const readRows = () =>
    queryDatabase(
      `select provider, connected, public_config, revision, ciphertext
       from public.integrations join private.integration_credentials using (org_id, provider)
       where org_id = $1::text::uuid order by provider`,
      [tenant.orgId],
    );
  const before = await readRows();
  await clearRequests("vapi", key);

  await using off = await startExtraFunction("workspace-save", { ENABLE_WORKSPACE_TIER: "false" });
  const saved = await fetch(off.url, {
    method: "POST",
    headers,
    body: JSON.stringify(workspaceBody(tenant.accounts)),
  });
  equal(saved.status, 503);
  equal(saved.headers.get("content-type"), "application/problem+json");
  const problem = await saved.json();
  equal(at(problem, "code"), "disabled");
  equal(/switched off/.test(String(at(problem, "detail"))), true);

  const disconnected = await fetch(`${off.url}/vapi`, { method: "DELETE", headers });
  equal(disconnected.status, 503);
  await disconnected.body?.cancel();
  const status = await fetch(off.url, { headers });
  equal(status.status, 200);
  equal(at(await status.json(), "integrations.vapi.connected"), true);
  deepEqual(await readRows(), before);
  deepEqual(await listRequests("vapi", key), []);

  const { status: synced } = await callFunction("agent-sync/sync", {
    token: tenant.owner.token,
    body: { force: true },
  });
  equal(synced, 200);
});
