import { deepEqual, equal, match } from "node:assert/strict";
import { at, fieldsOf } from "../../in_memory/read_answer.ts";
import { createMember, createPerson, createTenant } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { injectFault, listWrites, readVapi } from "../support/workspace.ts";
import { connectTenant, get, listMethods, post, readAgent, readAssistant } from "./agents.ts";

Deno.test("behaviour: one field is written here, pushed, read back and compared", async () => {
  const tenant = await connectTenant();
  const before = await readAgent(tenant, "inbound");
  const answer = await post(tenant, "behavior", { inbound: { firstMessage: "Welcome!" } });
  equal(answer.status, 200, answer.text);
  equal(at(answer.body, "success"), true);
  deepEqual(at(answer.body, "syncedAgentIds"), [before.id]);
  deepEqual(at(answer.body, "agentDetails"), [{
    role: "inbound",
    voice: before.voice,
    vapiAssistantId: before.vapi_assistant_id,
    status: "synced",
    changed: ["firstMessage"],
    revision: before.revision + 1,
  }]);
  equal(at(answer.body, "requestId"), answer.headers.get("x-request-id"));
  deepEqual(await listMethods(tenant), ["GET", "PATCH", "GET"]);
  const after = await readAgent(tenant, "inbound");
  equal(after.first_message, "Welcome!");
  equal(after.system_prompt, before.system_prompt);
  equal(after.sync_status, "synced");
  equal((await readAssistant(tenant, "inbound")).firstMessage, "Welcome!");
});

Deno.test("behaviour: every field, in either spelling, and null for the default", async () => {
  const tenant = await connectTenant();
  const before = await readAgent(tenant, "outbound");
  const answer = await post(tenant, "behavior", {
    outbound: {
      name: "Ada",
      system_prompt: "Be brief.",
      firstMessage: "Hi.",
      voiceId: "sarah",
      voiceProvider: "11labs",
      language: "fr",
      maxDuration: 120,
      vapi_phone_number_id: "number-1",
      voiceStability: 0.5,
      voice_similarity_boost: 0.25,
    },
  });
  equal(answer.status, 200, answer.text);
  const assistant = await readAssistant(tenant, "outbound");
  equal(assistant.name, "Ada");
  equal(at(assistant, "model.messages.0.content"), "Be brief.");
  equal(at(assistant, "voice.provider"), "11labs");
  equal(at(assistant, "voice.voiceId"), "sarah");
  equal(at(assistant, "voice.stability"), 0.5);
  equal(at(assistant, "voice.similarityBoost"), 0.25);
  equal(at(assistant, "transcriber.language"), "fr");
  equal(assistant.maxDurationSeconds, 120);
  equal((await readAgent(tenant, "outbound")).vapi_phone_number_id, "number-1");

  const reset = await post(tenant, "behavior", {
    outbound: { systemPrompt: null, voice: null, voice_provider: null },
  });
  equal(reset.status, 200, reset.text);
  const after = await readAgent(tenant, "outbound");
  equal(after.system_prompt, before.system_prompt);
  deepEqual([after.voice, after.voice_provider], [before.voice, before.voice_provider]);
  equal(after.name, "Ada");
});

Deno.test("behaviour: bad fields are a 400 that names each, and nothing is saved", async () => {
  const tenant = await connectTenant();
  const cases: [unknown, string[]][] = [
    [{ inbound: { mood: "good", name: "" } }, ["inbound.mood", "inbound.name"]],
    [{ both: { name: "Ada" } }, ["both"]],
    [{ inbound: { maxDurationSeconds: 43_201 } }, ["inbound.maxDurationSeconds"]],
    [{ inbound: { voiceStability: 1.1 } }, ["inbound.voiceStability"]],
    [{ inbound: { vapiPhoneNumberId: "n" } }, ["inbound.vapiPhoneNumberId"]],
    [{ inbound: { voice: "Bob" } }, ["inbound.voice"]],
    [{ inbound: { voiceId: "Elliot", voiceProvider: "openai" } }, ["inbound.voiceId"]],
    [{ outbound: { voice_provider: "acme" } }, ["outbound.voice_provider"]],
    [{ inbound: { voice: null, voiceProvider: "11labs" } }, ["inbound.voice"]],
  ];
  for (const [body, fields] of cases) {
    const answer = await post(tenant, "behavior", body);
    equal(answer.status, 400, answer.text);
    deepEqual(fieldsOf(answer.body), fields);
  }
  equal((await readAgent(tenant, "inbound")).revision, 1);
  deepEqual(await listMethods(tenant), []);
});

Deno.test("behaviour: a retired voice is replaced with a notice", async () => {
  const tenant = await connectTenant();
  const answer = await post(tenant, "behavior", { inbound: { voice: "Paige" } });
  equal(answer.status, 200, answer.text);
  match(String(at(answer.body, "notices.0.detail")), /"Paige"/);
  const assistant = await readAssistant(tenant, "inbound");
  equal(at(assistant, "voice.voiceId"), at(answer.body, "agentDetails.0.voice"));
  equal(at(assistant, "voice.provider"), "11labs");

  const again = await post(tenant, "behavior", { inbound: { voice: "Paige" } });
  equal(again.status, 200, again.text);
  deepEqual(at(again.body, "agentDetails.0.changed"), []);
  equal((await post(tenant, "behavior", { inbound: { voice: "Elliot" } })).status, 200);
  const { voice, voice_provider } = await readAgent(tenant, "inbound");
  deepEqual([voice, voice_provider], ["Elliot", "vapi"]);
});

Deno.test("behaviour: a voice alone is taken for an agent that does not exist yet", async () => {
  const tenant = await connectTenant();
  await queryDatabase(
    "delete from public.agents where org_id = $1::text::uuid and role = 'inbound'",
    [tenant.orgId],
  );
  const answer = await post(tenant, "behavior", { inbound: { voice: "clara" } });
  equal(answer.status, 200, answer.text);
  const { voice, voice_provider } = await readAgent(tenant, "inbound");
  deepEqual([voice, voice_provider], ["Clara", "vapi"]);
});

Deno.test("behaviour: if-match refuses with 412 what was changed in between", async () => {
  const tenant = await connectTenant();
  const headers = { "if-match": '"1"' };
  equal((await post(tenant, "behavior", { inbound: { name: "A" } }, { headers })).status, 200);
  const stale = await post(tenant, "behavior", { inbound: { name: "B" } }, { headers });
  equal(stale.status, 412, stale.text);
  equal(at(stale.body, "revision"), 2);
  equal((await readAgent(tenant, "inbound")).name, "A");
});

Deno.test("behaviour: without a Vapi key it is a 409 that says what to connect, and it is saved", async () => {
  const tenant = await createTenant();
  const answer = await post(tenant, "behavior", { inbound: { name: "Ada" } });
  equal(answer.status, 409, answer.text);
  equal(at(answer.body, "code"), "not_connected");
  match(String(at(answer.body, "detail")), /vapi_api_key/);
  const agent = await readAgent(tenant, "inbound");
  equal(agent.name, "Ada");
  equal(agent.sync_status, "queued");
});

Deno.test("behaviour: one of two synced is a 200, none is a 502, both stay saved and are retried", async () => {
  const tenant = await connectTenant();
  const { key } = tenant.accounts.vapi;
  const { vapi_assistant_id } = await readAgent(tenant, "inbound");
  const both = (name: string) => ({ inbound: { name }, outbound: { name } });
  {
    await using _fault = await injectFault("vapi", key, {
      path: `/assistant/${vapi_assistant_id}`,
      mode: "status",
      status: 500,
    });
    const answer = await post(tenant, "behavior", both("A"));
    equal(answer.status, 200, answer.text);
    deepEqual(
      [at(answer.body, "agentDetails.0.status"), at(answer.body, "agentDetails.1.status")],
      [
        "failed",
        "synced",
      ],
    );
    equal(typeof at(answer.body, "agentDetails.0.error"), "string");
    equal((at(answer.body, "syncedAgentIds") as string[]).length, 1);
  }
  {
    await using _fault = await injectFault("vapi", key, {
      path: "/assistant/*",
      mode: "status",
      status: 401,
    });
    const answer = await post(tenant, "behavior", both("B"));
    equal(answer.status, 502, answer.text);
    equal(at(answer.body, "code"), "provider_failed");
    deepEqual(at(answer.body, "syncedAgentIds"), []);
  }
  deepEqual(
    [(await readAgent(tenant, "inbound")).name, (await readAgent(tenant, "outbound")).name],
    [
      "B",
      "B",
    ],
  );
  const jobs = await queryDatabase(
    `select 1 as one from public.background_jobs
     where org_id = $1::text::uuid and kind = 'sync_agent' and state = 'queued'`,
    [tenant.orgId],
  );
  equal(jobs.length, 2);
});

/** Twenty letters and digits: voices that both ElevenLabs and Hume have. */
const VOICES = ["AAAAAAAAAAAAAAAAAAAA", "BBBBBBBBBBBBBBBBBBBB"] as const;

Deno.test("behaviour: ten changes at once to ten fields of one agent are all set, at Vapi too", async () => {
  const tenant = await connectTenant();
  const ready = await post(tenant, "behavior", {
    outbound: { voice: VOICES[0], voiceProvider: "hume" },
  });
  equal(ready.status, 200, ready.text);
  const changes = {
    name: "Ada",
    systemPrompt: "Be brief.",
    firstMessage: "Hi.",
    voice: VOICES[1],
    voiceProvider: "11labs",
    language: "fr",
    maxDurationSeconds: 120,
    vapiPhoneNumberId: "number-1",
    voiceStability: 0.5,
    voiceSimilarityBoost: 0.25,
  };
  const answers = await Promise.all(
    Object.entries(changes).map(([field, value]) =>
      post(tenant, "behavior", { outbound: { [field]: value } })
    ),
  );
  deepEqual(answers.map(({ status }) => status), Array(10).fill(200));
  const agent = await readAgent(tenant, "outbound");
  deepEqual(
    {
      name: agent.name,
      systemPrompt: agent.system_prompt,
      firstMessage: agent.first_message,
      voice: agent.voice,
      voiceProvider: agent.voice_provider,
      language: agent.language,
      maxDurationSeconds: agent.max_call_duration,
      vapiPhoneNumberId: agent.vapi_phone_number_id,
      voiceStability: agent.voice_stability,
      voiceSimilarityBoost: agent.voice_similarity_boost,
    },
    changes,
  );
  equal(agent.revision, 12);
  equal(agent.sync_status, "synced");
  const assistant = await readAssistant(tenant, "outbound");
  deepEqual(
    [
      assistant.name,
      at(assistant, "model.messages.0.content"),
      assistant.firstMessage,
      assistant.voice,
      at(assistant, "transcriber.language"),
      assistant.maxDurationSeconds,
    ],
    [
      "Ada",
      "Be brief.",
      "Hi.",
      { provider: "11labs", voiceId: VOICES[1], stability: 0.5, similarityBoost: 0.25 },
      "fr",
      120,
    ],
  );
  const { assistants } = await readVapi(tenant.accounts.vapi.key);
  equal(assistants.filter(({ metadata }) => metadata.role === "outbound").length, 1);
});

Deno.test("behaviour: ten changes at once where there is no agent yet make one", async () => {
  const tenant = await connectTenant();
  await queryDatabase(
    "delete from public.agents where org_id = $1::text::uuid and role = 'inbound'",
    [
      tenant.orgId,
    ],
  );
  const answers = await Promise.all(
    Array.from(
      { length: 10 },
      (_, index) => post(tenant, "behavior", { inbound: { name: `Name ${index}` } }),
    ),
  );
  deepEqual(answers.map(({ status }) => status), Array(10).fill(200));
  const { id } = await readAgent(tenant, "inbound");
  const { assistants } = await readVapi(tenant.accounts.vapi.key);
  equal(assistants.filter(({ metadata }) => at(metadata, "agent_id") === id).length, 1);
});

Deno.test("behaviour: owner and admin change, a member reads, a viewer reads the status", async () => {
  const tenant = await connectTenant();
  const expected = [
    ["owner", 200, 200, 200],
    ["admin", 200, 200, 200],
    ["member", 403, 200, 200],
    ["viewer", 403, 403, 200],
  ] as const;
  for (const [role, changes, reads, status] of expected) {
    const token = role === "owner"
      ? tenant.owner.token
      : (await createMember(tenant.orgId, role)).token;
    const change = await post(tenant, "behavior", { inbound: { name: role } }, { token });
    equal(change.status, changes, `${role} changes`);
    for (const route of ["voices", "templates", "history?role=inbound"]) {
      equal((await get(tenant, route, token)).status, reads, `${role} reads ${route}`);
    }
    equal((await get(tenant, "status", token)).status, status, `${role} reads the status`);
  }
  const { token } = await createPerson("outsider");
  equal((await post(tenant, "behavior", { inbound: { name: "X" } }, { token })).status, 403);
  const parent = await createTenant();
  await queryDatabase(
    "update public.organizations set parent_id = $2::text::uuid where id = $1::text::uuid",
    [tenant.orgId, parent.orgId],
  );
  const byParent = await post(tenant, "behavior", { inbound: { name: "Parent" } }, {
    token: parent.owner.token,
  });
  equal(byParent.status, 200, byParent.text);
});

Deno.test("behaviour: every change is in the audit log, with who made it", async () => {
  const tenant = await connectTenant();
  const { token, id } = await createMember(tenant.orgId, "admin");
  await post(tenant, "behavior", { inbound: { name: "Ada" } }, { token });
  await post(tenant, "activate", { role: "inbound", mode: "limited" }, { token });
  await post(tenant, "pause", { role: "inbound" }, { token });
  await post(tenant, "rollback", { role: "inbound", revision: 1 }, { token });
  const rows = await queryDatabase<{ action: string }>(
    `select action from public.audit_log
     where org_id = $1::text::uuid and actor = $2 order by created_at`,
    [tenant.orgId, id],
  );
  deepEqual(rows.map(({ action }) => action), [
    "agent_updated",
    "agent_activated",
    "agent_paused",
    "agent_rolled_back",
  ]);
});

Deno.test("behaviour: an idempotency key is answered once", async () => {
  const tenant = await connectTenant();
  const headers = { "idempotency-key": crypto.randomUUID() };
  const body = { inbound: { name: "Ada" } };
  const first = await post(tenant, "behavior", body, { headers });
  const writes = await listWrites("vapi", tenant.accounts.vapi.key);
  const second = await post(tenant, "behavior", body, { headers });
  deepEqual(second.body, first.body);
  equal(second.headers.get("idempotency-replayed"), "true");
  equal((await readAgent(tenant, "inbound")).revision, 2);
  deepEqual(await listWrites("vapi", tenant.accounts.vapi.key), writes);
});

Deno.test("voices: what an agent can sound like", async () => {
  const tenant = await createTenant();
  const { status, body } = await get(tenant, "voices?language=fr");
  equal(status, 200);
  const voices = at(body, "voices") as { provider: string; id: string; languages: string[] }[];
  equal(voices.every(({ languages }) => languages.includes("fr")), true);
  equal(
    ["vapi", "11labs", "azure"].every((name) => voices.some((one) => one.provider === name)),
    true,
  );
  equal(
    (at(body, "retired") as { id: string }[]).some(({ id }) => id === "Paige"),
    true,
  );
});
