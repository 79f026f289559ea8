import { deepEqual, equal, match } from "node:assert/strict";
import { FUNCTION_ALIASES } from "../../scripts/local/gateway/choose_target.ts";
import { DEMO_ACCOUNTS } from "../../scripts/local/simulators/demo_accounts.ts";
import { at, fieldsOf } from "../in_memory/read_answer.ts";
import { callFunction } from "../support/call_function.ts";
import { readStack } from "../support/read_stack.ts";

const CLINIC = "11111111-1111-4111-8111-111111111111";
const PASSWORD = "switchboard-demo";
const [vapi] = DEMO_ACCOUNTS.vapi;
const [twilio] = DEMO_ACCOUNTS.twilio;
const [graph] = DEMO_ACCOUNTS.graph;
const BODY = {
  vapi_api_key: vapi.key,
  twilio_account_sid: twilio.sid,
  twilio_auth_token: twilio.token,
  twilio_from_number: twilio.numbers[0].phone_number,
  whatsapp_phone_number_id: graph.phone_numbers[0].id,
  whatsapp_business_account_id: graph.business_accounts[0].id,
  whatsapp_access_token: graph.token,
};

async function signIn(email: string): Promise<string> {
  const { url, publishable_key } = readStack();
  const response = await fetch(`${url}/auth/v1/token?grant_type=password`, {
    method: "POST",
    headers: { apikey: publishable_key, "content-type": "application/json" },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  const session = await response.json();
  equal(response.status, 200, JSON.stringify(session));
  return session.access_token;
}

/** Small enough for both engines; leaves the demo organization as it found it. */
Deno.test("the demo: sign in, save, look, sync, disconnect", async (test) => {
  const token = await signIn("owner@demo-clinic.test");

  await test.step("every function is alive", async () => {
    for (const name of Object.keys(readStack().functions)) {
      const health = await callFunction(`${name}/health`);
      equal(health.status, 200, `${name}: ${health.text}`);
      match(String(at(health.body, "status")), /^(?:healthy|degraded)$/);
      equal(at(health.body, "service"), FUNCTION_ALIASES[name] ?? name);
    }
  });
  await test.step("a save puts both assistants in step", async () => {
    const { status, body } = await callFunction("workspace-save", { token, body: BODY });
    equal(status, 200, JSON.stringify(body));
    equal(at(body, "orgId"), CLINIC);
    deepEqual([...new Set(Object.values(at(body, "steps") ?? {}))], [true]);
  });
  await test.step("the same again changes nothing", async () => {
    const { status, body } = await callFunction("workspace-save", { token, body: BODY });
    equal(status, 200);
    deepEqual([at(body, "agents.0.status"), at(body, "agents.1.status")], [
      "unchanged",
      "unchanged",
    ]);
  });
  await test.step("a bad key is refused by name", async () => {
    const { status, body } = await callFunction("workspace-save", {
      token,
      body: { vapi_api_key: "vapi-no-such-key" },
    });
    equal(status, 422);
    deepEqual(fieldsOf(body), ["vapi_api_key"]);
  });
  await test.step("the status is masked, and a viewer may read it", async () => {
    const viewer = await signIn("viewer@demo-clinic.test");
    const { status, body, text } = await callFunction("workspace-save", { token: viewer });
    equal(status, 200);
    equal(at(body, "integrations.vapi.lastFour"), vapi.key.slice(-4));
    equal(text.includes(twilio.token), false);
    equal((await callFunction("workspace-save", { token: viewer, body: BODY })).status, 403);
  });
  await test.step("an outsider and another organization's owner stay outside", async () => {
    const headers = { "x-org-id": CLINIC };
    for (const email of ["outsider@nowhere.test", "owner@demo-market.test"]) {
      const other = await signIn(email);
      equal((await callFunction("workspace-save", { token: other, headers })).status, 403);
    }
  });
  await test.step("a manual sync has nothing to do", async () => {
    const { status, body } = await callFunction("agent-sync/sync", { token, body: {} });
    equal(status, 200);
    equal(at(body, "agents.0.status"), "unchanged");
    equal(at((await callFunction("agent-sync/status", { token })).body, "queuedJobs"), 0);
  });
  await test.step("the worker takes a job", async () => {
    const run = await callFunction("worker/run", {
      apiKey: readStack().secret_key,
      body: { kind: "sync_agent" },
    });
    equal(run.status, 202);
  });
  await test.step("disconnecting takes everything back", async () => {
    for (const provider of ["whatsapp", "twilio", "vapi"]) {
      const { status, text } = await callFunction(`workspace-save/${provider}`, {
        method: "DELETE",
        token,
      });
      equal(status, 200, text);
    }
    const { body } = await callFunction("workspace-save", { token });
    equal(at(body, "integrations.vapi.connected"), false);
  });
});
