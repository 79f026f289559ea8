import { equal, match } from "node:assert/strict";
import { at } from "../../in_memory/read_answer.ts";
import { callFunction } from "../../support/call_function.ts";
import { createTenant, type Tenant } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import { killFunction, waitForFunction } from "../../support/restart_function.ts";
import {
  expireLeases,
  injectFault,
  listRequests,
  listSubscriptions,
  readVapi,
  saveWorkspace,
  waitUntil,
} from "../support/workspace.ts";

/** Posts a run as the schedule does, and waits for its last heartbeat. */
async function pushWorkspaces(): Promise<void> {
  const requestId = crypto.randomUUID();
  const kind = "push_workspace";
  const answer = await callFunction("worker/run", {
    apiKey: readStack().secret_key,
    headers: { "x-request-id": requestId },
    body: { kind },
  });
  equal(answer.status, 202, answer.text);
  await waitUntil(`the end of the run of "${kind}"`, async () => {
    const [beat] = await queryDatabase<{ phase: string }>(
      "select phase from public.worker_heartbeats where kind = $1 and request_id = $2",
      [kind, requestId],
    );
    return beat?.phase === "completed";
  }, 60_000);
}

const readStatus = async ({ owner }: Tenant) =>
  (await callFunction("workspace-save", { token: owner.token })).body;

Deno.test("a process that dies between storing and pushing leaves it to the worker", async () => {
  const tenant = await createTenant();
  const { vapi, whatsapp } = tenant.accounts;
  {
    await using _number = await injectFault("vapi", vapi.key, {
      path: "/phone-number",
      method: "POST",
      mode: "hang",
    });
    await using _subscription = await injectFault("graph", whatsapp.token, {
      path: "/*/*/subscribed_apps",
      method: "POST",
      mode: "hang",
    });
    const saving = saveWorkspace(tenant).catch(() => null);
    await waitUntil(
      "both steps on their way",
      async () =>
        (await listRequests("vapi", vapi.key)).some(({ method, path }) =>
          method === "POST" && path === "/phone-number"
        ) &&
        (await listRequests("graph", whatsapp.token)).some(({ method, path }) =>
          method === "POST" && path.endsWith("/subscribed_apps")
        ),
    );
    const { pid } = killFunction("workspace-save");
    await saving;
    await waitForFunction("workspace-save", { otherThan: pid });
  }
  const left = await readStatus(tenant);
  equal(at(left, "integrations.vapi.pending"), "number_binding");
  equal(at(left, "integrations.twilio.pending"), null);
  equal(at(left, "integrations.whatsapp.pending"), "webhook_subscription");

  // The one that died still holds the workspace.
  await pushWorkspaces();
  equal((await readVapi(vapi.key)).phoneNumbers.length, 0);

  await expireLeases(tenant.orgId);
  await pushWorkspaces();
  equal((await readVapi(vapi.key)).phoneNumbers.length, 1);
  equal((await listSubscriptions(whatsapp.token)).length, 1);
  const done = await readStatus(tenant);
  equal(at(done, "integrations.vapi.pending"), null);
  equal(at(done, "integrations.whatsapp.pending"), null);
  equal(typeof at(done, "integrations.whatsapp.details.subscribedAt"), "string");
});

Deno.test("what Meta refused is shown with its reason and made by the worker", async () => {
  const tenant = await createTenant();
  const { whatsapp } = tenant.accounts;
  {
    await using _fault = await injectFault("graph", whatsapp.token, {
      path: "/*/*/subscribed_apps",
      method: "POST",
      mode: "status",
      status: 500,
    });
    const saved = await saveWorkspace(tenant);
    equal(saved.status, 200, saved.text);
    equal(at(saved.body, "steps.webhookSubscribed"), false);
    const left = await readStatus(tenant);
    equal(at(left, "integrations.whatsapp.pending"), "webhook_subscription");
    equal(
      at(left, "integrations.whatsapp.lastError"),
      at(saved.body, "warnings.0.detail"),
    );
    match(String(at(left, "integrations.whatsapp.lastError")), /\S/);
  }
  await pushWorkspaces();
  const [job] = await queryDatabase<{ state: string }>(
    `select state from public.background_jobs
     where org_id = $1::text::uuid and kind = 'push_workspace'`,
    [tenant.orgId],
  );
  equal(job?.state, "completed");
  equal((await listSubscriptions(whatsapp.token)).length, 1);
  const done = await readStatus(tenant);
  equal(at(done, "integrations.whatsapp.pending"), null);
  equal(at(done, "integrations.whatsapp.lastError"), null);
});
