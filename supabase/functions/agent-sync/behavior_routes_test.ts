import { deepEqual, equal, match } from "node:assert/strict";
import { createAgentApp } from "../../../tests/in_memory/create_agent_app.ts";
import { CLINIC, send, USERS } from "../../../tests/in_memory/create_test_app.ts";
import { at, fieldsOf } from "../../../tests/in_memory/read_answer.ts";
import { VOICE_DEFAULTS } from "../_shared/domain/sync_plan/voice_defaults.ts";
import { ProviderError } from "../_shared/errors.ts";

const PATH = "POST /agent-sync/behavior";
const unavailable = () => new ProviderError("vapi", "unavailable", "it is down", { status: 500 });

Deno.test("behavior: only what is given changes, here and at Vapi", async () => {
  const { app, agent, assistant, world } = await createAgentApp();
  const before = structuredClone(agent("inbound"));
  const answer = await send(app, PATH, {
    body: { inbound: { firstMessage: "Welcome!", maxDuration: 120 } },
  });
  equal(answer.status, 200);
  const { role, voice, vapiAssistantId, status, changed, revision } = at(
    answer.body,
    "agentDetails.0",
  ) as Record<string, unknown>;
  deepEqual({ role, voice, vapiAssistantId, status, changed, revision }, {
    role: "inbound",
    voice: "Elliot",
    vapiAssistantId: before.vapi_assistant_id,
    status: "synced",
    changed: ["firstMessage", "maxDurationSeconds"],
    revision: 2,
  });
  deepEqual(at(answer.body, "syncedAgentIds"), [before.id]);
  equal(at(answer.body, "success"), true);
  equal(at(answer.body, "requestId"), answer.headers.get("x-request-id"));
  equal(assistant("inbound")?.firstMessage, "Welcome!");
  equal(assistant("inbound")?.maxDurationSeconds, 120);
  equal(agent("inbound").system_prompt, before.system_prompt);
  deepEqual(world.calls, [
    "vapi.getAssistant",
    "vapi.updateAssistant",
    "vapi.getAssistant",
  ]);
});

Deno.test("behavior: both spellings, both agents, null for the default", async () => {
  const { app, agent } = await createAgentApp();
  await send(app, PATH, {
    body: {
      inbound: { system_prompt: "Be brief." },
      outbound: { systemPrompt: "Be kind." },
    },
  });
  equal(agent("inbound").system_prompt, "Be brief.");
  equal(agent("outbound").system_prompt, "Be kind.");
  const answer = await send(app, PATH, {
    body: { outbound: { systemPrompt: null } },
  });
  equal(answer.status, 200);
  equal(agent("outbound").system_prompt, "You answer the phone.");
  equal(agent("inbound").system_prompt, "Be brief.");
});

Deno.test("behavior: a missing agent is made, and never twice", async () => {
  const { app, memory, account } = await createAgentApp({ synced: false });
  memory.agents.clear();
  for (const firstMessage of ["One", "Two"]) {
    const answer = await send(app, PATH, {
      body: { inbound: { firstMessage } },
    });
    equal(answer.status, 200);
  }
  equal(memory.agents.size, 1);
  equal(account.assistants.size, 1);
});

Deno.test("behavior: what is the same costs Vapi nothing", async () => {
  const { app, world, agent } = await createAgentApp();
  const { first_message } = agent("inbound");
  const answer = await send(app, PATH, {
    body: { inbound: { firstMessage: first_message } },
  });
  equal(at(answer.body, "agentDetails.0.status"), "unchanged");
  deepEqual(at(answer.body, "agentDetails.0.changed"), []);
  deepEqual(world.calls, []);
});

Deno.test("behavior: if-match refuses what somebody else changed in between", async () => {
  const { app, agent, world } = await createAgentApp();
  const change = (headers: Record<string, string>, body: unknown) =>
    send(app, PATH, { headers, body });
  const first = await change({ "if-match": '"1"' }, {
    inbound: { name: "One" },
  });
  equal(first.status, 200);
  world.calls.length = 0;
  const second = await change({ "if-match": '"1"' }, {
    inbound: { name: "Two" },
  });
  equal(second.status, 412);
  equal(at(second.body, "code"), "precondition_failed");
  equal(at(second.body, "revision"), 2);
  equal(agent("inbound").name, "One");
  deepEqual(world.calls, []);
  const both = { inbound: { name: "Three" }, outbound: { name: "Three" } };
  equal((await change({ "if-match": '"2"' }, both)).status, 400);
  equal(
    (await change({ "if-match": 'inbound="2", outbound="9"' }, both)).status,
    412,
  );
  equal(agent("inbound").name, "One");
  equal(
    (await change({ "if-match": 'inbound="2", outbound="1"' }, both)).status,
    200,
  );
  for (const header of ["abc", ""]) {
    deepEqual(fieldsOf((await change({ "if-match": header }, both)).body), ["if-match"]);
  }
});

Deno.test("behavior: without a Vapi key it is a 409, and the change is saved", async () => {
  const { app, agent } = await createAgentApp({ connected: false });
  const answer = await send(app, PATH, { body: { inbound: { name: "Ada" } } });
  equal(answer.status, 409);
  equal(at(answer.body, "code"), "not_connected");
  match(String(at(answer.body, "detail")), /vapi_api_key.*saved/);
  equal(at(answer.body, "saved"), true);
  equal(at(answer.body, "agentDetails.0.status"), "not_connected");
  equal(agent("inbound").name, "Ada");
});

Deno.test("behavior: one of two synced is a success, none is a 502, both are saved", async () => {
  const { app, agent, world, account } = await createAgentApp();
  const lost = agent("inbound").vapi_assistant_id ?? "";
  account.assistants.delete(lost);
  world.faults.set("vapi.createAssistant", unavailable);
  const one = await send(app, PATH, {
    body: { inbound: { name: "A" }, outbound: { name: "A" } },
  });
  equal(one.status, 200);
  equal(at(one.body, "agentDetails.0.status"), "failed");
  match(String(at(one.body, "agentDetails.0.error")), /it is down/);
  deepEqual(at(one.body, "syncedAgentIds"), [agent("outbound").id]);

  world.faults.set("vapi.*", unavailable);
  const none = await send(app, PATH, {
    body: { inbound: { name: "B" }, outbound: { name: "B" } },
  });
  equal(none.status, 502);
  equal(at(none.body, "success"), false);
  equal(at(none.body, "saved"), true);
  deepEqual(at(none.body, "syncedAgentIds"), []);
  deepEqual([agent("inbound").name, agent("outbound").name], ["B", "B"]);
  equal(agent("inbound").sync_status, "failed");
});

Deno.test("behavior: a retired voice gives way to its successor, with a notice", async () => {
  const { app, agent, assistant } = await createAgentApp();
  const answer = await send(app, PATH, {
    body: { inbound: { voiceId: "Paige" } },
  });
  equal(answer.status, 200);
  equal(at(answer.body, "notices.0.field"), "inbound.voiceId");
  match(String(at(answer.body, "notices.0.detail")), /"Paige"/);
  equal(agent("inbound").voice_provider, "11labs");
  deepEqual(
    (assistant("inbound")?.voice as { voiceId: string }).voiceId,
    at(answer.body, "agentDetails.0.voice"),
  );
});

Deno.test("behavior: a voice is never stored beside a provider that somebody else just chose", async () => {
  const { app, agent, ports } = await createAgentApp();
  const { updateAgentBehavior } = ports.behavior;
  ports.behavior.updateAgentBehavior = async (input) => {
    ports.behavior.updateAgentBehavior = updateAgentBehavior;
    const body = { inbound: { voice: "nova", voiceProvider: "openai" } };
    equal((await send(app, PATH, { body })).status, 200);
    return await updateAgentBehavior(input);
  };
  // Vapi has it, as any uuid; the other provider hasn't.
  const voice = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
  const answer = await send(app, PATH, { body: { inbound: { voice } } });
  equal(answer.status, 400);
  deepEqual(fieldsOf(answer.body), ["inbound.voice"]);
  deepEqual([agent("inbound").voice, agent("inbound").voice_provider], ["nova", "openai"]);
});

Deno.test("behavior: a voice isn't stored beside the provider of an agent that somebody else just made", async () => {
  const { app, memory, ports } = await createAgentApp({ synced: false });
  memory.agents.clear();
  const { updateAgentBehavior } = ports.behavior;
  ports.behavior.updateAgentBehavior = async (input) => {
    ports.behavior.updateAgentBehavior = updateAgentBehavior;
    const body = { inbound: { voice: "nova", voiceProvider: "openai" } };
    equal((await send(app, PATH, { body })).status, 200);
    return await updateAgentBehavior(input);
  };
  const voice = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
  equal((await send(app, PATH, { body: { inbound: { voice } } })).status, 400);
  deepEqual([...memory.agents.values()].map(({ voice }) => voice), ["nova"]);
});

Deno.test("behavior: a voice without its provider can be given again", async () => {
  const { app, agent } = await createAgentApp();
  for (const voice of ["Paige", "Paige", "Elliot", "Elliot", "Paige"]) {
    const answer = await send(app, PATH, { body: { inbound: { voice } } });
    equal(answer.status, 200, voice);
    equal(agent("inbound").voice_provider, voice === "Paige" ? "11labs" : "vapi");
  }
});

Deno.test("behavior: what isn't stored of a prompt is said", async () => {
  const { app, agent } = await createAgentApp();
  const systemPrompt = "Be kind.\n\n[[switchboard:managed]]\nBe brief.\n[[/switchboard:managed]]";
  const { body } = await send(app, PATH, { body: { inbound: { systemPrompt } } });
  equal(agent("inbound").system_prompt, "Be kind.");
  equal(at(body, "notices.0.field"), "inbound.systemPrompt");
});

Deno.test("behavior: who understands a language depends on the configured transcriber", async () => {
  const { app, ports } = await createAgentApp();
  const change = async (language: string) =>
    at((await send(app, PATH, { body: { outbound: { language } } })).body, "notices.0.detail");
  match(String(await change("sw")), /"sw"/);
  const { readAgentSync } = ports.agents;
  ports.agents.readAgentSync = async (input) => {
    const state = await readAgentSync(input);
    const transcriber = { provider: "azure", model: "azure" };
    return state.code === "read"
      ? { ...state, voice_defaults: { ...VOICE_DEFAULTS, transcriber } }
      : state;
  };
  equal(await change("sw"), undefined);
});

const BAD: { name: string; body: unknown; fields: string[] }[] = [
  {
    name: "an unknown field",
    body: { inbound: { mood: "good" } },
    fields: ["inbound.mood"],
  },
  { name: "an unknown role", body: { both: {} }, fields: ["both"] },
  { name: "nothing to change", body: { inbound: {} }, fields: [""] },
  {
    name: "a long name",
    body: { inbound: { name: "x".repeat(41) } },
    fields: ["inbound.name"],
  },
  {
    name: "a short call",
    body: { outbound: { max_duration_seconds: 59 } },
    fields: ["outbound.max_duration_seconds"],
  },
  {
    name: "a voice that its provider doesn't have",
    body: { inbound: { voice: "Bob" } },
    fields: ["inbound.voice"],
  },
  {
    name: "a provider that isn't one",
    body: { inbound: { voiceProvider: "acme" } },
    fields: ["inbound.voiceProvider"],
  },
  {
    name: "a number of the inbound agent",
    body: { inbound: { vapiPhoneNumberId: "n1" } },
    fields: ["inbound.vapiPhoneNumberId"],
  },
  { name: "a list", body: [], fields: [""] },
  {
    name: "a voice whose provider goes back to the default",
    body: { inbound: { voice: "mark", voiceProvider: null } },
    fields: ["inbound.voiceProvider"],
  },
  {
    name: "a prompt that is only our block",
    body: {
      inbound: { systemPrompt: "[[switchboard:managed]]\nBe brief.\n[[/switchboard:managed]]" },
    },
    fields: ["inbound.systemPrompt"],
  },
];
for (const { name, body, fields } of BAD) {
  Deno.test(`behavior: ${name} is a 400 that names the field, and saves nothing`, async () => {
    const { app, agent, world } = await createAgentApp();
    const answer = await send(app, PATH, { body });
    equal(answer.status, 400);
    deepEqual(fieldsOf(answer.body), fields);
    deepEqual([agent("inbound").revision, agent("outbound").revision], [1, 1]);
    deepEqual(world.calls, []);
  });
}

Deno.test("behavior: an idempotency key replays the answer, another revision is another request", async () => {
  const { app, agent, world } = await createAgentApp();
  const headers = { "idempotency-key": "change-1" };
  const body = { inbound: { name: "Ada" } };
  const first = await send(app, PATH, { headers, body });
  world.calls.length = 0;
  const second = await send(app, PATH, { headers, body });
  deepEqual(second.body, first.body);
  equal(second.headers.get("idempotency-replayed"), "true");
  equal(agent("inbound").revision, 2);
  deepEqual(world.calls, []);
  equal(
    (await send(app, PATH, { headers, body: { inbound: { name: "Bob" } } }))
      .status,
    422,
  );
  equal(
    (await send(app, PATH, { headers: { ...headers, "if-match": "2" }, body }))
      .status,
    422,
  );
});

Deno.test("behavior: too many changes are told when to come back", async () => {
  const { app } = await createAgentApp();
  let status = 0;
  for (let count = 0; count < 40 && status !== 429; count++) {
    status = (await send(app, PATH, { body: { inbound: { name: "Ada" } } })).status;
  }
  equal(status, 429);
});

const WHO: { as: string | null; changes: number; reads: number }[] = [
  { as: USERS.owner, changes: 200, reads: 200 },
  { as: USERS.admin, changes: 200, reads: 200 },
  { as: USERS.member, changes: 403, reads: 200 },
  { as: USERS.viewer, changes: 403, reads: 403 },
  { as: USERS.outsider, changes: 403, reads: 403 },
  { as: null, changes: 401, reads: 401 },
];
const CHANGES: [string, unknown, number][] = [
  ["POST /agent-sync/behavior", { inbound: { name: "Ada" } }, 200],
  ["POST /agent-sync/from-template", { template: "receptionist" }, 200],
  ["POST /agent-sync/activate", { role: "inbound", mode: "limited" }, 200],
  ["POST /agent-sync/pause", { role: "inbound" }, 200],
  ["POST /agent-sync/rollback", { role: "inbound", revision: 1 }, 200],
  ["POST /agent-sync/orphans", {}, 200],
];
const READS = ["voices", "templates", "history?role=inbound"];
for (const { as, changes, reads } of WHO) {
  Deno.test(`agents: ${as ?? "nobody"} changes with ${changes} and reads with ${reads}`, async () => {
    const { app } = await createAgentApp();
    const headers = { "x-org-id": CLINIC };
    for (const [path, body, good] of CHANGES) {
      const { status } = await send(app, path, { as, headers, body });
      equal(status, changes === 200 ? good : changes, path);
    }
    for (const path of READS) {
      const { status } = await send(app, `GET /agent-sync/${path}`, {
        as,
        headers,
      });
      equal(status, reads, path);
    }
  });
}

Deno.test("voices: the catalogue, of a language or of a provider", async () => {
  const { app } = await createAgentApp();
  const all = await send(app, "GET /agent-sync/voices");
  equal(all.status, 200);
  equal(all.headers.get("cache-control"), "no-store");
  const voices = (body: unknown) =>
    at(body, "voices") as { provider: string; languages: string[] }[];
  equal(voices(all.body).some(({ provider }) => provider === "11labs"), true);
  const french = await send(
    app,
    "GET /agent-sync/voices?language=fr-CA&provider=azure",
  );
  equal(voices(french.body).length > 0, true);
  equal(
    voices(french.body).every(({ provider, languages }) =>
      provider === "azure" && languages.includes("fr")
    ),
    true,
  );
  const named = await send(app, "GET /agent-sync/voices?provider=ElevenLabs");
  equal(voices(named.body).length > 0, true);
  equal(voices(named.body).every(({ provider }) => provider === "11labs"), true);
  const unknown = await send(app, "GET /agent-sync/voices?provider=acme");
  equal(unknown.status, 400);
  deepEqual(fieldsOf(unknown.body), ["provider"]);
  match(String(at(unknown.body, "errors.0.detail")), /^must be one of vapi, 11labs, /);
  const { body } = await send(app, "GET /agent-sync/voices?tongue=fr");
  deepEqual(fieldsOf(body), ["tongue"]);
});
