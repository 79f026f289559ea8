import { deepEqual, equal, ok } from "node:assert/strict";
import { at } from "../../in_memory/read_answer.ts";
import { createTenant, type Tenant } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import {
  type Fault,
  injectFault,
  listRequests,
  readVapi,
  saveWorkspace,
} from "../support/workspace.ts";

type Where = "vapi" | "twilio" | "graph";
const accountOf = ({ accounts }: Tenant, simulator: Where) =>
  ({ vapi: accounts.vapi.key, twilio: accounts.twilio.sid, graph: accounts.whatsapp.token })[
    simulator
  ];
const isStored = async (orgId: string) =>
  (await queryDatabase("select 1 from public.integrations where org_id = $1::text::uuid", [orgId]))
    .length > 0;

/** A check that fails for good: no verdict on the credentials. */
const NO_VERDICT: { name: string; simulator: Where; provider: string; fault: Fault }[] = [
  {
    name: "Vapi answers 500",
    simulator: "vapi",
    provider: "vapi",
    fault: { path: "/assistant", method: "GET", mode: "status", status: 500 },
  },
  {
    name: "Vapi drops the connection",
    simulator: "vapi",
    provider: "vapi",
    fault: { path: "/assistant", method: "GET", mode: "drop" },
  },
  {
    name: "Vapi answers half a document",
    simulator: "vapi",
    provider: "vapi",
    fault: { path: "/assistant", method: "GET", mode: "malformed" },
  },
  {
    name: "Twilio limits us for a minute",
    simulator: "twilio",
    provider: "twilio",
    fault: { path: "/2010-04-01/**", mode: "status", status: 429, retryAfterSeconds: 60 },
  },
  {
    name: "Meta answers 503",
    simulator: "graph",
    provider: "whatsapp",
    fault: { path: "/**", mode: "status", status: 503 },
  },
];
for (const { name, simulator, provider, fault } of NO_VERDICT) {
  Deno.test(`at the check, ${name}: a 502 that names the provider, nothing stored`, async () => {
    const tenant = await createTenant();
    await using _fault = await injectFault(simulator, accountOf(tenant, simulator), fault);
    const { status, body, headers } = await saveWorkspace(tenant);
    equal(status, 502, JSON.stringify(body));
    equal(at(body, "code"), "provider_failed");
    equal(at(body, "unreachable.0.provider"), provider);
    equal(at(body, "unreachable.1"), undefined);
    equal(at(body, "errors"), undefined);
    if (fault.retryAfterSeconds !== undefined) {
      equal(headers.get("retry-after"), String(fault.retryAfterSeconds));
    }
    equal(await isStored(tenant.orgId), false);
  });
}

/** A fault that a retry gets over. */
const PASSING: { name: string; simulator: Where; fault: Fault }[] = [
  {
    name: "a 429 with a short Retry-After at the check",
    simulator: "vapi",
    fault: {
      path: "/assistant",
      method: "GET",
      mode: "status",
      status: 429,
      retryAfterSeconds: 1,
      times: 1,
    },
  },
  {
    name: "a 429 at the create",
    simulator: "vapi",
    fault: {
      path: "/assistant",
      method: "POST",
      mode: "status",
      status: 429,
      retryAfterSeconds: 1,
      times: 2,
    },
  },
  {
    name: "a dropped connection at Twilio",
    simulator: "twilio",
    fault: { path: "/2010-04-01/**", mode: "drop", times: 2 },
  },
  {
    name: "two 500 in a row at Meta",
    simulator: "graph",
    fault: { path: "/**", mode: "status", status: 500, times: 2 },
  },
  {
    name: "a 500 when the assistant is read back",
    simulator: "vapi",
    fault: { path: "/assistant/*", method: "GET", mode: "status", status: 500, times: 1 },
  },
  {
    name: "a 500 when the number is listed",
    simulator: "vapi",
    fault: { path: "/phone-number", method: "GET", mode: "status", status: 500, times: 1 },
  },
];
for (const { name, simulator, fault } of PASSING) {
  Deno.test(`${name} is retried and the save succeeds`, async () => {
    const tenant = await createTenant();
    await using _fault = await injectFault(simulator, accountOf(tenant, simulator), fault);
    const { status, body } = await saveWorkspace(tenant);
    equal(status, 200, JSON.stringify(body));
    equal(at(body, "steps.agentsSynced"), true);
    equal(at(body, "steps.numberBound"), true);
    equal((await readVapi(tenant.accounts.vapi.key)).assistants.length, 2);
  });
}

/** The answer to a create is lost: whether Vapi acted is found out, never guessed. */
const LOST_CREATES: { name: string; fault: Fault; assistants: number }[] = [
  {
    name: "dropped after Vapi acted",
    fault: { path: "/assistant", method: "POST", mode: "drop", moment: "after" },
    assistants: 2,
  },
  {
    name: "a 500 after Vapi acted",
    fault: { path: "/assistant", method: "POST", mode: "status", status: 500, moment: "after" },
    assistants: 2,
  },
  {
    name: "half a document after Vapi acted",
    fault: { path: "/assistant", method: "POST", mode: "malformed", moment: "after" },
    assistants: 2,
  },
  {
    name: "dropped before Vapi acted",
    fault: { path: "/assistant", method: "POST", mode: "drop", moment: "before" },
    assistants: 0,
  },
];
for (const { name, fault, assistants } of LOST_CREATES) {
  Deno.test(`a create whose answer is lost (${name}) never makes a third assistant`, async () => {
    const tenant = await createTenant();
    const { key } = tenant.accounts.vapi;
    {
      await using _fault = await injectFault("vapi", key, fault);
      const { status } = await saveWorkspace(tenant, { body: { vapi_api_key: key } });
      equal(status, assistants === 2 ? 200 : 502);
      equal((await readVapi(key)).assistants.length, assistants);
    }
    const { status, body } = await saveWorkspace(tenant, { body: { vapi_api_key: key } });
    equal(status, 200, JSON.stringify(body));
    equal((await readVapi(key)).assistants.length, 2);
  });
}

Deno.test("providers that hang: one at the check, one at the create, one at the subscription", async () => {
  const [check, create, subscription] = await Promise.all([1, 2, 3].map(() => createTenant())) as [
    Tenant,
    Tenant,
    Tenant,
  ];
  await using _one = await injectFault("twilio", check.accounts.twilio.sid, {
    path: "/2010-04-01/**",
    mode: "hang",
  });
  await using _two = await injectFault("vapi", create.accounts.vapi.key, {
    path: "/assistant",
    method: "POST",
    mode: "hang",
    moment: "after",
  });
  await using _three = await injectFault("graph", subscription.accounts.whatsapp.token, {
    path: "/*/*/subscribed_apps",
    method: "POST",
    mode: "hang",
  });
  const [checked, created, subscribed] = await Promise.all([
    saveWorkspace(check),
    saveWorkspace(create),
    saveWorkspace(subscription),
  ]);
  equal(checked.status, 502);
  equal(at(checked.body, "unreachable.0.provider"), "twilio");
  equal(await isStored(check.orgId), false);

  // Given up after its time, then looked for and found.
  equal(created.status, 200, JSON.stringify(created.body));
  equal(at(created.body, "steps.agentsSynced"), true);
  equal((await readVapi(create.accounts.vapi.key)).assistants.length, 2);

  equal(subscribed.status, 200);
  equal(at(subscribed.body, "steps.agentsSynced"), true);
  equal(at(subscribed.body, "steps.webhookSubscribed"), false);
  equal(at(subscribed.body, "warnings.0.step"), "webhookSubscribed");
});

Deno.test("a provider that is down is left alone after five failures, for its tenant only", async () => {
  const [broken, healthy] = await Promise.all([createTenant(), createTenant()]);
  const { key } = broken.accounts.vapi;
  await using _fault = await injectFault("vapi", key, { path: "/**", mode: "status", status: 500 });
  const body = { vapi_api_key: key };
  for (let count = 0; count < 3; count++) {
    equal((await saveWorkspace(broken, { body })).status, 502);
  }
  const seen = (await listRequests("vapi", key)).length;
  ok(seen <= 6, `${seen} requests reached a provider that is down`);
  const rejected = await saveWorkspace(broken, { body });
  equal(rejected.status, 502);
  equal((await listRequests("vapi", key)).length, seen);
  const counted = await queryDatabase<{ outcome: string }>(
    `select distinct outcome from public.provider_call_stats
     where org_id = $1::text::uuid order by outcome`,
    [broken.orgId],
  );
  deepEqual(counted.map(({ outcome }) => outcome), ["failed", "rejected_by_breaker"]);
  equal((await saveWorkspace(healthy)).status, 200);
});
