import { deepEqual, equal, notEqual } from "node:assert/strict";
import { at } from "../in_memory/read_answer.ts";
import { callFunction } from "../support/call_function.ts";
import { controlSimulator } from "../support/control_simulator.ts";
import { createAccounts, createMember, createTenant } from "../support/create_tenant.ts";
import { queryDatabase } from "../support/query_database.ts";
import { readStack } from "../support/read_stack.ts";
import {
  expireLeases,
  injectFault,
  listSubscriptions,
  readVapi,
  resetRateLimits,
  saveWorkspace,
  waitUntil,
} from "../integration/support/workspace.ts";

/** A founder's first weeks: each step starts from what the one before left. */
Deno.test("a founder connects, changes, moves and leaves", async (test) => {
  const tenant = await createTenant();
  const { vapi, twilio, whatsapp } = tenant.accounts;
  const { token } = tenant.owner;
  const readStatus = async () => (await callFunction("workspace-save", { token })).body;
  const save = async (body: unknown) => {
    await resetRateLimits(tenant.orgId);
    return await saveWorkspace(tenant, { body });
  };

  await test.step("WhatsApp first: nothing to sync yet", async () => {
    const { status, body } = await save({
      whatsapp_phone_number_id: whatsapp.phoneNumberId,
      whatsapp_business_account_id: whatsapp.businessAccountId,
      whatsapp_access_token: whatsapp.token,
    });
    equal(status, 200);
    equal(at(body, "steps.webhookSubscribed"), true);
    equal(at(body, "agents.0.status"), "not_connected");
    deepEqual(await listSubscriptions(whatsapp.token), [whatsapp.businessAccountId]);
  });

  await test.step("then Vapi, with a typing error first", async () => {
    equal((await save({ vapi_api_key: `${vapi.key.slice(0, -1)}x` })).status, 422);
    const { status, body } = await save({ vapi_api_key: vapi.key });
    equal(status, 200);
    equal(at(body, "steps.agentsSynced"), true);
    equal(at(body, "steps.numberBound"), false);
    equal((await readVapi(vapi.key)).assistants.length, 2);
  });

  await test.step("then Twilio: the number is bound", async () => {
    const { status, body } = await save({
      twilio_account_sid: twilio.sid,
      twilio_auth_token: twilio.token,
      twilio_from_number: twilio.number,
    });
    equal(status, 200);
    equal(at(body, "steps.numberBound"), true);
    deepEqual((await readVapi(vapi.key)).phoneNumbers.map(({ number }) => number), [twilio.number]);
    equal(at(await readStatus(), "integrations.vapi.details.boundNumber"), twilio.number);
  });

  await test.step("an active agent in full mode answers by itself from the next save on", async () => {
    await queryDatabase(
      `update public.agents set state = 'active', activation_mode = 'full'
       where org_id = $1::text::uuid and role = 'inbound'`,
      [tenant.orgId],
    );
    const { body } = await save({ vapi_api_key: vapi.key });
    const { phoneNumbers } = await readVapi(vapi.key);
    equal(phoneNumbers[0]?.assistantId, at(body, "agents.0.vapiAssistantId"));
  });

  await test.step("an admin joins and syncs while Vapi is refusing: the worker repeats it", async () => {
    const admin = await createMember(tenant.orgId, "admin");
    await queryDatabase(
      `update public.agents set first_message = 'Welcome.', revision = revision + 1,
         sync_status = 'queued', sync_queued_at = now()
       where org_id = $1::text::uuid`,
      [tenant.orgId],
    );
    {
      await using _fault = await injectFault("vapi", vapi.key, {
        path: "/assistant/*",
        method: "PATCH",
        mode: "status",
        status: 429,
        retryAfterSeconds: 60,
      });
      const synced = await callFunction("agent-sync/sync", { token: admin.token, body: {} });
      equal(synced.status, 502);
    }
    await queryDatabase(
      "update public.background_jobs set available_at = now() where org_id = $1::text::uuid",
      [tenant.orgId],
    );
    const run = await callFunction("worker/run", {
      apiKey: readStack().secret_key,
      body: { kind: "sync_agent" },
    });
    equal(run.status, 202);
    await waitUntil("both agents in step", async () => {
      const { body } = await callFunction("agent-sync/status", { token });
      return at(body, "agents.0.syncStatus") === "synced" &&
        at(body, "agents.1.syncStatus") === "synced";
    });
  });

  await test.step("the key dies: an alert before a call fails, and the status says so", async () => {
    await controlSimulator("vapi", "DELETE", { path: "accounts", body: { key: vapi.key } });
    await queryDatabase(
      `update public.integrations set last_checked_at = now() - interval '2 days'
       where org_id = $1::text::uuid`,
      [tenant.orgId],
    );
    await callFunction("worker/run", {
      apiKey: readStack().secret_key,
      body: { kind: "verify_credentials" },
    });
    await waitUntil(
      "the error in the status",
      async () => at(await readStatus(), "integrations.vapi.lastError") !== null,
    );
    const alerts = await queryDatabase<{ rule: string }>(
      "select rule from public.alerts where org_id = $1::text::uuid and state <> 'resolved'",
      [tenant.orgId],
    );
    deepEqual(alerts, [{ rule: "credential_failed" }]);
  });

  await test.step("another account: both assistants and the number are rebuilt there", async () => {
    const before = at(await readStatus(), "agents.0.vapiAssistantId");
    const other = (await createAccounts("another account")).vapi;
    await expireLeases(tenant.orgId);
    const { status, body } = await save({ vapi_api_key: other.key });
    equal(status, 200, JSON.stringify(body));
    equal(at(body, "steps.agentsSynced"), true);
    equal(at(body, "steps.numberBound"), true);
    notEqual(at(body, "agents.0.vapiAssistantId"), before);
    equal(at(await readStatus(), "integrations.vapi.lastError"), null);
    deepEqual(
      await queryDatabase(
        "select rule from public.alerts where org_id = $1::text::uuid and state <> 'resolved'",
        [tenant.orgId],
      ),
      [],
    );
    const { assistants, phoneNumbers } = await readVapi(other.key);
    equal(assistants.length, 2);
    equal(phoneNumbers[0]?.assistantId, at(body, "agents.0.vapiAssistantId"));
  });

  await test.step("and leaves: nothing of it stays behind", async () => {
    for (const provider of ["twilio", "whatsapp", "vapi"]) {
      await resetRateLimits(tenant.orgId);
      const { status, text } = await callFunction(`workspace-save/${provider}`, {
        method: "DELETE",
        token,
      });
      equal(status, 200, text);
    }
    deepEqual(await listSubscriptions(whatsapp.token), []);
    const kept = await queryDatabase(
      "select provider from private.integration_credentials where org_id = $1::text::uuid",
      [tenant.orgId],
    );
    deepEqual(kept, []);
  });

  await test.step("every change is on record with who made it", async () => {
    const entries = await queryDatabase<{ action: string; actor: string }>(
      `select distinct action, actor from public.audit_log
       where org_id = $1::text::uuid and action like 'integration_%' order by action`,
      [tenant.orgId],
    );
    deepEqual(entries, [
      { action: "integration_disconnected", actor: tenant.owner.id },
      { action: "integration_stored", actor: tenant.owner.id },
    ]);
  });
});
