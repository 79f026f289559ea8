import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { at, fieldsOf } from "../../in_memory/read_answer.ts";
import { callFunction } from "../../support/call_function.ts";
import { controlSimulator } from "../../support/control_simulator.ts";
import {
  createAccounts,
  createTenant,
  type Tenant,
  workspaceBody,
} from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import {
  clearRequests,
  injectFault,
  listRequests,
  listSubscriptions,
  listWrites,
  readVapi,
  resetRateLimits,
  saveWorkspace,
} from "../support/workspace.ts";

type Integration = {
  provider: string;
  connected: boolean;
  fingerprint: string | null;
  last_four: string | null;
  public_config: unknown;
  ciphertext: string | null;
};
const readIntegrations = ({ orgId }: Tenant) =>
  queryDatabase<Integration>(
    `select provider, connected, fingerprint, last_four, public_config, ciphertext
     from public.integrations left join private.integration_credentials using (org_id, provider)
     where org_id = $1::text::uuid order by provider`,
    [orgId],
  );
const readAssistantIds = async ({ orgId }: Tenant) =>
  (await queryDatabase<{ vapi_assistant_id: string }>(
    "select vapi_assistant_id from public.agents where org_id = $1::text::uuid order by role",
    [orgId],
  )).map(({ vapi_assistant_id }) => vapi_assistant_id);

Deno.test("a bad key after a good one leaves the good one in use", async () => {
  const tenant = await createTenant();
  await saveWorkspace(tenant);
  const before = await readIntegrations(tenant);
  for (
    const [body, field] of [
      [{ vapi_api_key: "00000000-0000-4000-8000-00000000dead" }, "vapi_api_key"],
      [{ twilio_auth_token: "0".repeat(32) }, "twilio_auth_token"],
      [{ whatsapp_access_token: "EAA00000000000000000000" }, "whatsapp_access_token"],
    ] as const
  ) {
    const answer = await saveWorkspace(tenant, { body });
    equal(answer.status, 422);
    deepEqual(fieldsOf(answer.body), [field]);
  }
  deepEqual(await readIntegrations(tenant), before);
  // The good key still opens: an agent made to differ is pushed with it.
  await queryDatabase(
    `update public.agents set first_message = 'Good morning.', revision = revision + 1
     where org_id = $1::text::uuid and role = 'inbound'`,
    [tenant.orgId],
  );
  const synced = await callFunction("agent-sync/sync", { token: tenant.owner.token, body: {} });
  equal(synced.status, 200);
  equal(at(synced.body, "agents.0.status"), "synced");
  deepEqual(at(synced.body, "agents.0.changed"), ["firstMessage"]);
});

Deno.test("another Vapi account's key rebuilds both assistants there", async () => {
  const tenant = await createTenant();
  await saveWorkspace(tenant);
  const { vapi } = tenant.accounts;
  const before = await readAssistantIds(tenant);
  const other = (await createAccounts("another account")).vapi;
  // Twilio must let the other account import the number as well.
  const { status, body } = await saveWorkspace(tenant, { body: { vapi_api_key: other.key } });
  equal(status, 200, JSON.stringify(body));
  equal(at(body, "steps.agentsSynced"), true);
  equal(at(body, "steps.numberBound"), true);
  const after = await readAssistantIds(tenant);
  equal(after.some((id) => before.includes(id)), false);
  deepEqual(
    (await readVapi(other.key)).assistants.map(({ id }) => id).toSorted(),
    after.toSorted(),
  );
  equal((await readVapi(other.key)).phoneNumbers.length, 1);
  // Two accounts never answer for one number.
  equal((await readVapi(vapi.key)).phoneNumbers.length, 0);

  // And back: what was left there is found again or made anew, never a third.
  await resetRateLimits(tenant.orgId);
  equal((await saveWorkspace(tenant)).status, 200);
  const back = await readVapi(vapi.key);
  const ids = await readAssistantIds(tenant);
  equal(ids.every((id) => back.assistants.some((assistant) => assistant.id === id)), true);
  equal(new Set(back.assistants.map(({ metadata }) => metadata.role)).size, 2);
});

Deno.test("a new key of the same account keeps both assistants", async () => {
  const tenant = await createTenant();
  await saveWorkspace(tenant);
  const before = await readAssistantIds(tenant);
  const rotated = crypto.randomUUID();
  await controlSimulator("vapi", "POST", {
    path: "accounts",
    body: { key: rotated, accountId: tenant.accounts.vapi.accountId },
  });
  const { status, body } = await saveWorkspace(tenant, { body: { vapi_api_key: rotated } });
  equal(status, 200);
  equal(at(body, "steps.agentsSynced"), true);
  deepEqual(await readAssistantIds(tenant), before);
  equal((await readVapi(rotated)).assistants.length, 2);
  equal((await readVapi(rotated)).phoneNumbers.length, 1);
  // The old key is not used any more.
  await controlSimulator("vapi", "DELETE", {
    path: "accounts",
    body: { key: tenant.accounts.vapi.key },
  });
  equal(
    (await callFunction("agent-sync/sync", {
      token: tenant.owner.token,
      body: { force: true },
    })).status,
    200,
  );
});

Deno.test("an assistant deleted at Vapi is made again by the next save of a changed agent", async () => {
  const tenant = await createTenant();
  await saveWorkspace(tenant);
  const { key } = tenant.accounts.vapi;
  await controlSimulator("vapi", "DELETE", {
    path: `state?${new URLSearchParams({ account: key })}`,
  });
  const synced = await callFunction("agent-sync/sync", {
    token: tenant.owner.token,
    body: { force: true },
  });
  equal(synced.status, 200);
  equal((await readVapi(key)).assistants.length, 2);
});

Deno.test("a number alone moves the binding to it", async () => {
  const tenant = await createTenant();
  await saveWorkspace(tenant);
  const { vapi, twilio } = tenant.accounts;
  const number = `+1501${String(Math.floor(Math.random() * 1e7)).padStart(7, "0")}`;
  await controlSimulator("twilio", "POST", {
    path: "accounts",
    body: {
      sid: twilio.sid,
      token: twilio.token,
      friendly_name: tenant.name,
      numbers: [twilio.number, number].map((phone_number) => ({ phone_number, voice: true })),
    },
  });
  const { status, body } = await saveWorkspace(tenant, { body: { twilio_from_number: number } });
  equal(status, 200, JSON.stringify(body));
  equal(at(body, "steps.numberBound"), true);
  deepEqual((await readVapi(vapi.key)).phoneNumbers.map((row) => row.number), [number]);
});

Deno.test("a number that was at Vapi before is bound and given back as it was", async () => {
  const tenant = await createTenant();
  const { vapi, twilio } = tenant.accounts;
  const url = `${readStack().simulators.vapi}/phone-number`;
  const imported = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${vapi.key}`, "content-type": "application/json" },
    body: JSON.stringify({
      provider: "twilio",
      number: twilio.number,
      twilioAccountSid: twilio.sid,
      twilioAuthToken: twilio.token,
      name: "Reception",
      smsEnabled: false,
      server: { url: "https://before.example.com/calls" },
    }),
  });
  equal(imported.status, 201, await imported.text());
  equal((await saveWorkspace(tenant)).status, 200);
  const bound = (await readVapi(vapi.key)).phoneNumbers;
  equal(bound.length, 1);
  match(bound[0]?.server?.url ?? "", /unified-webhook\/vapi$/);
  const answer = await callFunction("workspace-save/vapi", {
    method: "DELETE",
    token: tenant.owner.token,
  });
  equal(answer.status, 200);
  equal(at(answer.body, "steps.numberReleased"), true);
  const released = (await readVapi(vapi.key)).phoneNumbers;
  deepEqual(released.map(({ server }) => server?.url), ["https://before.example.com/calls"]);
});

Deno.test("a number or an account that another organization uses is refused without naming it", async (test) => {
  const [holder, latecomer] = await Promise.all([createTenant(), createTenant()]);
  await saveWorkspace(holder);
  const theirs = workspaceBody(holder.accounts);
  const groups = {
    twilio: ["twilio_from_number"],
    whatsapp: ["whatsapp_phone_number_id", "whatsapp_business_account_id"],
  };
  for (const [prefix, fields] of Object.entries(groups)) {
    await test.step(prefix, async () => {
      const body = Object.fromEntries(
        Object.entries(theirs).filter(([name]) => name.startsWith(prefix)),
      );
      const dry = await saveWorkspace(latecomer, { query: "?dry_run=true", body });
      const answer = await saveWorkspace(latecomer, {
        body: { ...body, vapi_api_key: latecomer.accounts.vapi.key },
      });
      equal(answer.status, 422);
      equal(dry.status, 422);
      deepEqual(fieldsOf(dry.body), fieldsOf(answer.body));
      equal(at(answer.body, "code"), "check_failed");
      const named = fieldsOf(answer.body);
      equal(named.length, 1);
      ok(fields.includes(named[0] ?? ""));
      equal(answer.text.includes(holder.orgId) || answer.text.includes(holder.name), false);
      deepEqual(await readIntegrations(latecomer), []);
      deepEqual(await listWrites("vapi", latecomer.accounts.vapi.key), []);
    });
  }
  await test.step("another number of the same business account", async () => {
    const { token, businessAccountId } = holder.accounts.whatsapp;
    const second = "198765432109876";
    await controlSimulator("graph", "POST", {
      path: "accounts",
      body: {
        token,
        business_accounts: [{ id: businessAccountId, name: holder.name }],
        phone_numbers: [holder.accounts.whatsapp.phoneNumberId, second].map((id) => ({
          id,
          business_account_id: businessAccountId,
          display_phone_number: "+1 555 0100",
          verified_name: holder.name,
        })),
      },
    });
    const answer = await saveWorkspace(latecomer, {
      body: {
        whatsapp_phone_number_id: second,
        whatsapp_business_account_id: businessAccountId,
        whatsapp_access_token: token,
      },
    });
    equal(answer.status, 422);
    deepEqual(fieldsOf(answer.body), ["whatsapp_business_account_id"]);
  });
  await test.step("once the holder has left, it is free", async () => {
    for (const provider of ["twilio", "whatsapp"]) {
      await callFunction(`workspace-save/${provider}`, {
        method: "DELETE",
        token: holder.owner.token,
      });
    }
    const { vapi_api_key: _, ...body } = theirs;
    equal((await saveWorkspace(latecomer, { body })).status, 200);
    deepEqual(await listSubscriptions(holder.accounts.whatsapp.token), [
      holder.accounts.whatsapp.businessAccountId,
    ]);
  });
});

Deno.test("two organizations after one number at the same instant: one gets it", async () => {
  const [one, two] = await Promise.all([createTenant(), createTenant()]);
  const { vapi_api_key: _, ...body } = workspaceBody(one.accounts);
  const answers = await Promise.all([saveWorkspace(one, { body }), saveWorkspace(two, { body })]);
  deepEqual(answers.map(({ status }) => status).toSorted(), [200, 422]);
});

Deno.test("a dry run checks and plans, and changes nothing anywhere", async () => {
  const tenant = await createTenant();
  const { vapi, whatsapp } = tenant.accounts;
  const first = await saveWorkspace(tenant, { query: "?dry_run=true" });
  equal(first.status, 200, JSON.stringify(first.body));
  equal(at(first.body, "dryRun"), true);
  equal(at(first.body, "steps.vapiValidated"), true);
  equal(at(first.body, "steps.credentialsStored"), false);
  equal(at(first.body, "agents.0.status"), "planned");
  equal(at(first.body, "changes.number.action"), "imported");
  deepEqual(await readIntegrations(tenant), []);
  deepEqual(await readAssistantIds(tenant), []);
  deepEqual(await listWrites("vapi", vapi.key), []);
  deepEqual(await listWrites("graph", whatsapp.token), []);

  await saveWorkspace(tenant);
  const before = await readIntegrations(tenant);
  const other = (await createAccounts("another account")).vapi;
  const moved = await saveWorkspace(tenant, {
    query: "?dry_run=true",
    body: { vapi_api_key: other.key },
  });
  equal(moved.status, 200);
  equal(at(moved.body, "changes.credentials.0.action"), "change");
  equal(at(moved.body, "agents.0.status"), "planned");
  deepEqual(await listWrites("vapi", other.key), []);
  deepEqual(await readIntegrations(tenant), before);

  const same = await saveWorkspace(tenant, { query: "?dry_run=true" });
  deepEqual([at(same.body, "agents.0.status"), at(same.body, "changes.number.action")], [
    "unchanged",
    "unchanged",
  ]);
});

Deno.test("disconnecting takes back the binding and the subscription, and forgets the secrets", async () => {
  const tenant = await createTenant();
  await saveWorkspace(tenant);
  const { token } = tenant.owner;
  const { vapi, whatsapp } = tenant.accounts;
  const disconnect = (provider: string, query = "") =>
    callFunction(`workspace-save/${provider}${query}`, { method: "DELETE", token });

  equal(at((await disconnect("whatsapp")).body, "steps.webhookUnsubscribed"), true);
  deepEqual(await listSubscriptions(whatsapp.token), []);
  equal(at((await disconnect("twilio")).body, "steps.numberReleased"), true);
  deepEqual((await readVapi(vapi.key)).phoneNumbers, []);
  const assistants = await readAssistantIds(tenant);
  equal((await disconnect("vapi")).status, 200);
  for (const row of await readIntegrations(tenant)) {
    deepEqual({ ...row, provider: "" }, {
      provider: "",
      connected: false,
      fingerprint: null,
      last_four: null,
      public_config: {},
      ciphertext: null,
    });
  }
  const again = await disconnect("vapi");
  equal(again.status, 409);
  equal(at(again.body, "code"), "not_connected");

  await resetRateLimits(tenant.orgId);
  equal((await saveWorkspace(tenant)).status, 200);
  deepEqual(await readAssistantIds(tenant), assistants);
  equal((await readVapi(vapi.key)).assistants.length, 2);
});

Deno.test("a dead key does not prevent disconnecting; a provider that is down does, unless forced", async () => {
  const tenant = await createTenant();
  await saveWorkspace(tenant);
  const { vapi, whatsapp } = tenant.accounts;
  const disconnect = (provider: string, query = "") =>
    callFunction(`workspace-save/${provider}${query}`, {
      method: "DELETE",
      token: tenant.owner.token,
    });
  {
    await using _fault = await injectFault("graph", whatsapp.token, {
      path: "/**",
      mode: "status",
      status: 500,
      times: 3,
    });
    const refused = await disconnect("whatsapp");
    equal(refused.status, 502);
    equal(at(refused.body, "provider"), "whatsapp");
    equal(
      (await readIntegrations(tenant)).find((row) => row.provider === "whatsapp")?.connected,
      true,
    );
  }
  {
    await using _fault = await injectFault("graph", whatsapp.token, { path: "/**", mode: "drop" });
    const forced = await disconnect("whatsapp", "?force=true");
    equal(forced.status, 200);
    equal(at(forced.body, "warnings.0.provider"), "whatsapp");
  }
  await controlSimulator("vapi", "DELETE", { path: "accounts", body: { key: vapi.key } });
  const dead = await disconnect("vapi");
  equal(dead.status, 200);
  equal(at(dead.body, "warnings.0.provider"), "vapi");
});

Deno.test("the status shows what is connected by its last four characters", async () => {
  const tenant = await createTenant();
  await saveWorkspace(tenant, {
    body: { ...workspaceBody(tenant.accounts), whatsapp_app_secret: "a".repeat(31) + "f" },
  });
  const { body, text } = await callFunction("workspace-save", { token: tenant.owner.token });
  const { vapi, twilio, whatsapp } = tenant.accounts;
  equal(at(body, "integrations.vapi.lastFour"), vapi.key.slice(-4));
  equal(at(body, "integrations.twilio.lastFour"), twilio.token.slice(-4));
  equal(at(body, "integrations.whatsapp.lastFour"), whatsapp.token.slice(-4));
  for (const provider of ["vapi", "twilio", "whatsapp"]) {
    equal(at(body, `integrations.${provider}.connected`), true);
    equal(at(body, `integrations.${provider}.lastError`), null);
    notEqual(at(body, `integrations.${provider}.lastCheckedAt`), null);
  }
  equal(at(body, "agents.0.syncStatus"), "synced");
  for (const secret of [vapi.key, twilio.token, twilio.sid, whatsapp.token, "a".repeat(31)]) {
    equal(text.includes(secret), false);
  }
});

Deno.test("a provider that is not mentioned is neither asked nor changed", async () => {
  const tenant = await createTenant();
  await saveWorkspace(tenant);
  const { vapi, twilio, whatsapp } = tenant.accounts;
  const before = await readIntegrations(tenant);
  await Promise.all([clearRequests("twilio", twilio.sid), clearRequests("graph", whatsapp.token)]);
  equal((await saveWorkspace(tenant, { body: { vapi_api_key: vapi.key } })).status, 200);
  deepEqual(await listRequests("twilio", twilio.sid), []);
  deepEqual(await listRequests("graph", whatsapp.token), []);
  const after = await readIntegrations(tenant);
  deepEqual(
    after.filter(({ provider }) => provider !== "vapi"),
    before.filter(({ provider }) => provider !== "vapi"),
  );
});
