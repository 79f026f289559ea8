import assert from "node:assert/strict";
import { createSyncWorld } from "../../../../../tests/in_memory/create_sync_world.ts";
import type { AgentRow, VapiPhoneNumber } from "../../ports.ts";
import {
  type BindingPlan,
  type BoundNumber,
  chooseAssistant,
  planNumberBinding,
  type WantedBinding,
} from "./plan_number_binding.ts";

const agent: AgentRow = {
  ...createSyncWorld().agent("inbound"),
  vapi_assistant_id: "a1",
  state: "active",
  activation_mode: "full",
};

const CHOICES: [string, AgentRow | null, boolean, string | null][] = [
  ["active, full, rolled out", agent, true, "a1"],
  ["partly rolled out", agent, false, null],
  ["draft", { ...agent, state: "draft" }, true, null],
  ["paused", { ...agent, state: "paused" }, true, null],
  ["failed", { ...agent, state: "error" }, true, null],
  ["limited", { ...agent, activation_mode: "limited" }, true, null],
  ["not at Vapi yet", { ...agent, vapi_assistant_id: null }, true, null],
  ["no agent", null, true, null],
];
for (const [name, row, fullyRolledOut, assistantId] of CHOICES) {
  Deno.test(`chooseAssistant: ${name} → ${assistantId}`, () => {
    assert.equal(chooseAssistant(row, { fullyRolledOut }), assistantId);
  });
}

const server = { url: "https://u/vapi", headers: { "X-Vapi-Secret": "s" } };
const direct: WantedBinding = {
  number: "+15005550100",
  assistantId: "a1",
  server,
  serverHash: "h2",
  fallbackNumber: null,
};
const decided: WantedBinding = { ...direct, assistantId: null };
const number: VapiPhoneNumber = {
  id: "n1",
  number: "+15005550100",
  provider: "twilio",
  assistantId: null,
  server: null,
  fallbackDestination: null,
};
const recorded: BoundNumber = {
  phone_number_id: "n1",
  number: "+15005550100",
  imported: false,
  previous: null,
  bound_at: "2026-11-20T10:00:00Z",
};
const fallback = (to: string) => ({ type: "number", number: to });
const bare = {
  provider: "twilio",
  number: "+15005550100",
  name: "Switchboard +15005550100",
  smsEnabled: false,
};
const update = (body: object): BindingPlan => ({ step: "update", id: "n1", body: body as never });

const CASES: [string, WantedBinding, VapiPhoneNumber | null, BoundNumber | null, BindingPlan][] = [
  ["import for an agent", direct, null, null, {
    step: "import",
    body: { ...bare, assistantId: "a1" },
  }],
  ["import for our webhook", decided, null, null, { step: "import", body: { ...bare, server } }],
  [
    "import with a fallback",
    { ...direct, fallbackNumber: "+15005550111" },
    null,
    null,
    {
      step: "import",
      body: { ...bare, assistantId: "a1", fallbackDestination: fallback("+15005550111") },
    },
  ],
  ["bind directly, no server needed", direct, number, null, update({ assistantId: "a1" })],
  ["bound directly already", direct, { ...number, assistantId: "a1" }, recorded, {
    step: "nothing",
  }],
  [
    "bound to another assistant",
    direct,
    { ...number, assistantId: "other" },
    recorded,
    update({ assistantId: "a1" }),
  ],
  [
    "from the agent to our webhook",
    decided,
    { ...number, assistantId: "a1" },
    recorded,
    update({ assistantId: null, server }),
  ],
  ["reaches our webhook already", decided, { ...number, server }, recorded, { step: "nothing" }],
  [
    "reaches another webhook",
    decided,
    { ...number, server: { url: "https://theirs" } },
    null,
    update({ server }),
  ],
  [
    "our webhook with an older secret",
    decided,
    { ...number, server: { ...server, headers: { "X-Vapi-Secret": "old" } } },
    recorded,
    update({ server }),
  ],
  [
    "hidden headers, given before",
    decided,
    { ...number, server: { url: server.url } },
    { ...recorded, server_hash: "h2" },
    { step: "nothing" },
  ],
  [
    "hidden headers, older ones",
    decided,
    { ...number, server: { url: server.url } },
    { ...recorded, server_hash: "h1" },
    update({ server }),
  ],
  [
    "a transfer number was set",
    { ...direct, fallbackNumber: "+15005550111" },
    { ...number, assistantId: "a1" },
    recorded,
    update({ fallbackDestination: fallback("+15005550111") }),
  ],
  [
    "the transfer number is there already",
    { ...direct, fallbackNumber: "+15005550111" },
    { ...number, assistantId: "a1", fallbackDestination: fallback("+15005550111") },
    recorded,
    { step: "nothing" },
  ],
  [
    "the transfer number was taken away",
    direct,
    { ...number, assistantId: "a1", fallbackDestination: fallback("+15005550111") },
    { ...recorded, fallback_number: "+15005550111" },
    update({ fallbackDestination: null }),
  ],
  [
    "somebody else's fallback stays",
    direct,
    { ...number, assistantId: "a1", fallbackDestination: fallback("+15005550199") },
    recorded,
    { step: "nothing" },
  ],
];
for (const [name, wanted, actual, record, plan] of CASES) {
  Deno.test(`planNumberBinding: ${name}`, () => {
    assert.deepEqual(planNumberBinding(wanted, actual, record), plan);
  });
}
