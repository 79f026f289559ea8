import assert from "node:assert/strict";
import { queryDatabase } from "../../support/query_database.ts";
import {
  createCallTenant,
  describeCall,
  newCallId,
  readCall,
  sendBody,
  sendMessage,
} from "./support.ts";

const FALLBACK = "Nobody is here. Please call again tomorrow.";
const tenant = await createCallTenant();
const other = await createCallTenant();

/** Sets what answering looks at, for the inbound agent and the settings. */
async function set(
  { agent = {}, settings = {} }: {
    agent?: Record<string, unknown>;
    settings?: Record<string, unknown>;
  },
): Promise<void> {
  const write = (table: string, values: Record<string, unknown>, where: string) => {
    const names = Object.keys(values);
    return queryDatabase(
      `update public.${table} as target set ${
        names.map((name) => `${name} = given.${name}`).join(", ")
      }
       from jsonb_populate_record(null::public.${table}, $2::text::jsonb) as given
       where target.org_id = $1::text::uuid ${where}`,
      [tenant.orgId, JSON.stringify(values)],
    );
  };
  await write("agents", {
    state: "active",
    activation_mode: "full",
    vapi_assistant_id: tenant.assistants.inbound,
    ...agent,
  }, "and target.role = 'inbound'");
  await write("organization_settings", {
    fallback_text: FALLBACK,
    test_numbers: [],
    transfer_number: null,
    business_hours: {},
    enabled_tools: [],
    ...settings,
  }, "");
}

const ask = (customer: string | null = "+250788123456") =>
  sendMessage(tenant, {
    ...describeCall(newCallId(), { customer }),
    type: "assistant-request",
    timestamp: Date.now(),
  });

Deno.test("assistant-request: who takes the call", async (test) => {
  const person = "+250788000009";
  const alwaysClosed = { monday: [], tuesday: ["00:00-00:01"] };
  const cases: [string, Parameters<typeof set>[0], Record<string, unknown>][] = [
    ["the agent", {}, { assistantId: tenant.assistants.inbound }],
    ["draft", { agent: { state: "draft" } }, { error: FALLBACK }],
    ["paused", { agent: { state: "paused" } }, { error: FALLBACK }],
    ["error", { agent: { state: "error" } }, { error: FALLBACK }],
    [
      "error, a person is there",
      { agent: { state: "error" }, settings: { transfer_number: person } },
      { destination: { type: "number", number: person } },
    ],
    ["no assistant", { agent: { vapi_assistant_id: null } }, { error: FALLBACK }],
    ["limited, a stranger", { agent: { activation_mode: "limited" } }, { error: FALLBACK }],
    [
      "limited, a tester",
      { agent: { activation_mode: "limited" }, settings: { test_numbers: ["250 788 123 456"] } },
      { assistantId: tenant.assistants.inbound },
    ],
    [
      "at night the agent answers as well",
      { settings: { business_hours: alwaysClosed } },
      { assistantId: tenant.assistants.inbound },
    ],
  ];
  for (const [name, given, expected] of cases) {
    await test.step(name, async () => {
      await set(given);
      const answer = await ask();
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(answer.body, expected);
    });
  }
  await set({});
  await test.step("a withheld number has no contact and gets the agent", async () => {
    const answer = await ask(null);
    assert.deepEqual(answer.body, { assistantId: tenant.assistants.inbound });
  });
  await test.step("asked twice, answered the same, and one call is there", async () => {
    const message = { ...describeCall(newCallId()), type: "assistant-request" };
    const answers = await Promise.all([sendMessage(tenant, message), sendMessage(tenant, message)]);
    for (const { body } of answers) {
      assert.deepEqual(body, { assistantId: tenant.assistants.inbound });
    }
    const call = await readCall(message.call.id);
    assert.equal(call?.state, "rung");
    assert.notEqual(call?.contact_id, null);
  });
  await test.step("also at the function's root, told apart by its header", async () => {
    const message = { ...describeCall(newCallId()), type: "assistant-request" };
    const answer = await sendMessage(tenant, message, { path: "unified-webhook" });
    assert.deepEqual(answer.body, { assistantId: tenant.assistants.inbound });
  });
  await test.step("by flag", async () => {
    const flags = { enabled: true, deny: [tenant.orgId] };
    await queryDatabase(
      "update public.app_config set value = $1::text::jsonb where key = 'vapi_tier_flags'",
      [JSON.stringify(flags)],
    );
    try {
      assert.deepEqual((await ask()).body, { error: FALLBACK });
      const message = { ...describeCall(newCallId()), type: "assistant-request" };
      const elsewhere = await sendMessage(other, message);
      assert.deepEqual(elsewhere.body, { assistantId: other.assistants.inbound });
    } finally {
      await queryDatabase(
        `update public.app_config
         set value = '{"enabled": true, "rolloutPercent": 100, "allow": [], "deny": []}'
         where key = 'vapi_tier_flags'`,
      );
    }
    assert.deepEqual((await ask()).body, { assistantId: tenant.assistants.inbound });
  });
});

Deno.test("transfer-destination-request: a person while somebody is there", async (test) => {
  const refused = { error: "Nobody can be reached at the moment. Offer to take a message." };
  const cases: [string, Record<string, unknown>, Record<string, unknown>][] = [
    ["no number", {}, refused],
    ["a number", { transfer_number: "+250788000009" }, {
      destination: { type: "number", number: "+250788000009" },
    }],
    ["closed", {
      transfer_number: "+250788000009",
      // A minute a week, and not now.
      business_hours: {
        [
          ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"][
            (new Date().getUTCDay() + 3) % 7
          ]!
        ]: ["00:00-00:01"],
      },
    }, refused],
  ];
  for (const [name, settings, expected] of cases) {
    await test.step(name, async () => {
      await set({ settings });
      const id = newCallId();
      const answer = await sendMessage(tenant, {
        ...describeCall(id),
        type: "transfer-destination-request",
      });
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.body, expected);
      const [row] = await queryDatabase<{ asked: boolean }>(
        `select transfer_requested_at is not null as asked from public.call_tracking
         where vapi_call_id = $1`,
        [id],
      );
      // Without a time of its own the message's is taken when it is stored.
      assert.equal(row?.asked, true);
    });
  }
  await test.step("no assistant to hand over to", async () => {
    const answer = await sendMessage(tenant, {
      ...describeCall(newCallId()),
      type: "handoff-destination-request",
    });
    assert.deepEqual(answer.body, refused);
  });
});

Deno.test("knowledge-base-request: no documents yet", async () => {
  const answer = await sendMessage(tenant, {
    ...describeCall(newCallId()),
    type: "knowledge-base-request",
    messagesOpenAIFormatted: [{ role: "user", content: "When do you open?" }],
  });
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.body, { documents: [] });
});

Deno.test("what only informs is acknowledged and counted, known or not", async () => {
  const types = [
    "conversation-update",
    'transcript[transcriptType="final"]',
    "speech-update",
    "assistant.started",
    "model-output",
    "user-interrupted",
    "voice-input",
    "language-changed",
    "chat.created",
    "session.created",
    "function-call",
    "a-type-of-next-year",
  ];
  for (const type of types) {
    const answer = await sendMessage(tenant, { ...describeCall(newCallId()), type });
    assert.equal(answer.status, 200, type);
    assert.deepEqual(answer.body, {}, type);
  }
  const rows = await queryDatabase<{ event_type: string }>(
    `select distinct event_type from public.webhook_event_stats where org_id = $1::text::uuid`,
    [tenant.orgId],
  );
  const counted = rows.map(({ event_type }) => event_type);
  assert.deepEqual(types.filter((type) => !counted.includes(type)), []);
});

Deno.test("what isn't signed by us is refused, and nothing is written", async (test) => {
  const id = newCallId();
  const message = { ...describeCall(id), type: "status-update", status: "in-progress" };
  const cases: [string, Record<string, string>][] = [
    ["nothing shown", {}],
    ["another key's", {
      "x-vapi-secret": tenant.secret.replace(/.$/, (last) => last === "0" ? "1" : "0"),
    }],
    ["another organization's name on it", {
      "x-vapi-secret": tenant.secret.replace(tenant.orgId, other.orgId),
    }],
    ["the shared secret itself", { "x-vapi-secret": "local-vapi-webhook-secret" }],
    ["a signature of nothing", {
      "x-vapi-signature": "a".repeat(64),
      "x-timestamp": `${Date.now()}`,
    }],
    ["WhatsApp's header", { "x-hub-signature-256": `sha256=${"a".repeat(64)}` }],
  ];
  for (const [name, headers] of cases) {
    await test.step(name, async () => {
      const answer = await sendBody({ message }, { headers });
      assert.equal(answer.status, 401, answer.text);
      assert.equal(answer.body.code, "unauthenticated");
    });
  }
  assert.equal(await readCall(id), undefined);
});

Deno.test("a secret that was replaced is refused", async () => {
  const id = newCallId();
  const message = { ...describeCall(id), type: "status-update", status: "in-progress" };
  await queryDatabase(
    `update public.organization_settings set webhook_secret_version = 2
     where org_id = $1::text::uuid`,
    [tenant.orgId],
  );
  try {
    for (const type of ["status-update", "assistant-request", "tool-calls"]) {
      const answer = await sendMessage(tenant, { ...message, type });
      assert.equal(answer.status, 401, type);
    }
    assert.equal(await readCall(id), undefined);
  } finally {
    await queryDatabase(
      `update public.organization_settings set webhook_secret_version = 1
       where org_id = $1::text::uuid`,
      [tenant.orgId],
    );
  }
  assert.equal((await sendMessage(tenant, message)).status, 200);
  assert.equal((await readCall(id))?.state, "answered");
});
