import { deepEqual, equal, match } from "node:assert/strict";
import { at, fieldsOf } from "../../in_memory/read_answer.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { describeCall, newCallId, sendMessage, signSecret } from "../calls/support.ts";
import { injectFault } from "../support/workspace.ts";
import {
  connectTenant,
  get,
  post,
  readAgent,
  readAssistant,
  readNumber,
  runWorker,
} from "./agents.ts";

const readAlerts = async (orgId: string, rule: string) =>
  (await queryDatabase<{ dedupe_key: string }>(
    `select dedupe_key from public.alerts
     where org_id = $1::text::uuid and rule = $2 and resolved_at is null`,
    [orgId, rule],
  )).map(({ dedupe_key }) => dedupe_key);

Deno.test("templates: four of them in two languages, listed by language", async () => {
  const tenant = await connectTenant();
  const { body } = await get(tenant, "templates");
  const all = at(body, "templates") as { key: string; language: string }[];
  deepEqual([...new Set(all.map(({ key }) => key))].toSorted(), [
    "after_hours",
    "appointment_reminder",
    "lead_qualifier",
    "receptionist",
  ]);
  const french = at((await get(tenant, "templates?language=fr-CA")).body, "templates") as {
    language: string;
  }[];
  equal(french.length, all.length / 2);
  equal(french.every(({ language }) => language === "fr"), true);
});

Deno.test("templates: one revises the role's agent, once its settings are filled in", async () => {
  const tenant = await connectTenant();
  const apply = (body: object) => post(tenant, "from-template", body);
  const missing = await apply({ template: "receptionist", role: "inbound", language: "fr" });
  equal(missing.status, 409, missing.text);
  deepEqual(at(missing.body, "missing"), ["businessHours", "transferNumber"]);
  await queryDatabase(
    `update public.organization_settings
     set business_hours = '{"monday": ["08:00-17:00"]}', transfer_number = '+15005550199'
     where org_id = $1::text::uuid`,
    [tenant.orgId],
  );
  const before = await readAgent(tenant, "inbound");
  const answer = await apply({ template: "receptionist", role: "inbound", language: "fr" });
  equal(answer.status, 200, answer.text);
  equal(at(answer.body, "template.language"), "fr");
  const after = await readAgent(tenant, "inbound");
  equal(after.id, before.id);
  equal(after.revision, before.revision + 1);
  equal(after.language, "fr");
  match(after.first_message, new RegExp(tenant.name));
  const assistant = await readAssistant(tenant, "inbound");
  equal(at(assistant, "model.messages.0.content"), after.system_prompt);
  equal(at(assistant, "transcriber.language"), "fr");
  const unknown = await apply({ template: "poet", role: "inbound" });
  equal(unknown.status, 400);
  deepEqual(fieldsOf(unknown.body), ["templateKey"]);
});

Deno.test("activation: the number goes to the assistant in full mode alone", async () => {
  const tenant = await connectTenant({ number: true });
  const agent = await readAgent(tenant, "inbound");
  const steps: [string, object, string, string | null][] = [
    ["activate", { role: "inbound", mode: "limited" }, "active", null],
    ["activate", { role: "inbound", mode: "full" }, "active", agent.vapi_assistant_id],
    ["pause", { role: "inbound" }, "paused", null],
  ];
  for (const [route, body, state, assistantId] of steps) {
    const answer = await post(tenant, route, body);
    equal(answer.status, 200, answer.text);
    equal(at(answer.body, "state"), state);
    equal(at(answer.body, "numberBound"), true);
    const number = await readNumber(tenant);
    equal(number.assistantId, assistantId);
    if (assistantId === null) match(String(number.url), /unified-webhook\/vapi$/);
  }
});

Deno.test("activation: limited mode answers the test numbers alone, a paused agent nobody", async () => {
  const tenant = await connectTenant();
  await queryDatabase(
    `update public.organization_settings set test_numbers = '{+250788123456}'
     where org_id = $1::text::uuid`,
    [tenant.orgId],
  );
  const { vapi_assistant_id } = await readAgent(tenant, "inbound");
  const ask = async (customer: string) => {
    const message = { ...describeCall(newCallId(), { customer }), type: "assistant-request" };
    return (await sendMessage({ secret: signSecret(tenant.orgId) }, message)).body;
  };
  const [tester, stranger] = ["+250788123456", "+250788999999"];
  const assistant = { assistantId: vapi_assistant_id };
  const reach: [string, object, boolean, boolean][] = [
    ["activate", { role: "inbound", mode: "limited" }, true, false],
    ["activate", { role: "inbound", mode: "full" }, true, true],
    ["pause", { role: "inbound" }, false, false],
  ];
  for (const [route, body, byTester, byStranger] of reach) {
    equal((await post(tenant, route, body)).status, 200);
    for (const [caller, isAnswered] of [[tester, byTester], [stranger, byStranger]] as const) {
      const answer = await ask(caller);
      if (isAnswered) deepEqual(answer, assistant);
      else match(String(answer.error), /nobody can take your call/);
    }
  }
});

Deno.test("activation: without an assistant or a Vapi key there is nothing to activate", async () => {
  const tenant = await connectTenant();
  await queryDatabase(
    `update public.integrations set connected = false, disconnected_at = now(), fingerprint = null,
       last_four = null, public_config = '{}' where org_id = $1::text::uuid`,
    [tenant.orgId],
  );
  const answer = await post(tenant, "activate", { role: "inbound", mode: "full" });
  equal(answer.status, 409, answer.text);
  equal(at(answer.body, "code"), "not_connected");
});

Deno.test("activation: five failed syncs in a row raise an alert and free the number, activation ends it", async () => {
  const tenant = await connectTenant({ number: true });
  const { key } = tenant.accounts.vapi;
  await post(tenant, "activate", { role: "inbound", mode: "full" });
  {
    await using _fault = await injectFault("vapi", key, {
      path: "/assistant/*",
      method: "PATCH",
      mode: "status",
      status: 400,
    });
    for (let count = 1; count <= 5; count++) {
      equal((await readAgent(tenant, "inbound")).state, "active");
      const answer = await post(tenant, "behavior", { inbound: { name: `Name ${count}` } });
      equal(answer.status, 502, answer.text);
    }
  }
  equal((await readAgent(tenant, "inbound")).state, "error");
  deepEqual(await readAlerts(tenant.orgId, "agent_in_error"), ["inbound"]);
  equal((await readNumber(tenant)).assistantId, null);

  const back = await post(tenant, "activate", { role: "inbound", mode: "full" });
  equal(back.status, 200, back.text);
  const agent = await readAgent(tenant, "inbound");
  equal(agent.state, "active");
  deepEqual(await readAlerts(tenant.orgId, "agent_in_error"), []);
  equal((await readNumber(tenant)).assistantId, agent.vapi_assistant_id);
  equal((await readAssistant(tenant, "inbound")).name, "Name 5");
});

Deno.test("activation: a pause that Vapi was not told of is told by the worker", async () => {
  const tenant = await connectTenant({ number: true });
  const { key } = tenant.accounts.vapi;
  await post(tenant, "activate", { role: "inbound", mode: "full" });
  {
    await using _fault = await injectFault("vapi", key, {
      path: "/phone-number/*",
      method: "PATCH",
      mode: "status",
      status: 500,
    });
    const answer = await post(tenant, "pause", { role: "inbound" });
    equal(answer.status, 200, answer.text);
    equal(at(answer.body, "numberBound"), false);
    equal(at(answer.body, "warnings.0.step"), "numberBound");
  }
  equal(typeof (await readNumber(tenant)).assistantId, "string");
  await runWorker("sync_agent");
  equal((await readNumber(tenant)).assistantId, null);
});

Deno.test("activation: one that Vapi was not told of is told by the worker", async () => {
  const tenant = await connectTenant({ number: true });
  const { key } = tenant.accounts.vapi;
  await post(tenant, "activate", { role: "inbound", mode: "limited" });
  {
    await using _fault = await injectFault("vapi", key, {
      path: "/phone-number/*",
      method: "PATCH",
      mode: "status",
      status: 500,
    });
    const answer = await post(tenant, "activate", { role: "inbound", mode: "full" });
    equal(at(answer.body, "numberBound"), false, answer.text);
  }
  equal((await readNumber(tenant)).assistantId, null);
  await runWorker("sync_agent");
  const { vapi_assistant_id } = await readAgent(tenant, "inbound");
  equal((await readNumber(tenant)).assistantId, vapi_assistant_id);
});

Deno.test("history: who, when and what, and back to an earlier revision", async () => {
  const tenant = await connectTenant();
  for (const firstMessage of ["One.", "Two.", "Three."]) {
    await post(tenant, "behavior", { inbound: { firstMessage } });
  }
  const { body } = await get(tenant, "history?role=inbound&limit=2");
  equal(at(body, "revisions.0.revision"), 4);
  equal(at(body, "revisions.0.actor"), tenant.owner.id);
  equal(at(body, "revisions.0.actorEmail"), tenant.owner.email);
  deepEqual(at(body, "revisions.0.changed"), ["firstMessage"]);
  deepEqual(at(body, "revisions.0.before"), { firstMessage: "Two." });
  deepEqual(at(body, "revisions.0.after"), { firstMessage: "Three." });
  equal(at(body, "nextBefore"), 3);
  const older = await get(tenant, "history?role=inbound&before=3");
  equal(at(older.body, "revisions.1.revision"), 1);

  const answer = await post(tenant, "rollback", { role: "inbound", revision: 2 });
  equal(answer.status, 200, answer.text);
  const agent = await readAgent(tenant, "inbound");
  equal(agent.first_message, "One.");
  equal(agent.revision, 5);
  equal((await readAssistant(tenant, "inbound")).firstMessage, "One.");
  equal((await post(tenant, "rollback", { role: "inbound", revision: 77 })).status, 404);
});
