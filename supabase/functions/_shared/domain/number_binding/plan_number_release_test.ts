import assert from "node:assert/strict";
import type { JsonObject, VapiPhoneNumber } from "../../ports.ts";
import type { BoundNumber } from "./plan_number_binding.ts";
import { describePrevious, planNumberRelease, type ReleasePlan } from "./plan_number_release.ts";

const ours = { assistantIds: ["a1"], serverUrl: "https://u/vapi" };
const number: VapiPhoneNumber = {
  id: "n1",
  number: "+15005550100",
  provider: "twilio",
  assistantId: null,
  server: null,
  fallbackDestination: null,
};
const bound = { ...number, assistantId: "a1" };
const decided = { ...number, server: { url: "https://u/vapi" } };
const found: BoundNumber = {
  phone_number_id: "n1",
  number: "+15005550100",
  imported: false,
  previous: { assistantId: "before" },
  bound_at: "2026-11-20T10:00:00Z",
};
const imported: BoundNumber = { ...found, imported: true, previous: null };
const fallback = { type: "number", number: "+15005550111" };
const restore = (body: JsonObject): ReleasePlan => ({ step: "restore", id: "n1", body });

const CASES: [string, VapiPhoneNumber | null, BoundNumber, ReleasePlan][] = [
  ["gone", null, imported, { step: "nothing" }],
  ["another number by now", { ...bound, id: "n2" }, imported, { step: "nothing" }],
  ["imported, to our agent", bound, imported, { step: "delete", id: "n1" }],
  ["imported, to our webhook", decided, imported, { step: "delete", id: "n1" }],
  [
    "imported, but somebody else's by now",
    { ...number, assistantId: "theirs" },
    imported,
    { step: "nothing" },
  ],
  ["found, to our agent", bound, found, restore({ assistantId: "before" })],
  ["found, free before", bound, { ...found, previous: null }, restore({ assistantId: null })],
  [
    "found, to our webhook",
    decided,
    { ...found, previous: { server: { url: "https://theirs" } } },
    restore({ server: { url: "https://theirs" } }),
  ],
  [
    "found, to our webhook in an agent's place",
    decided,
    found,
    restore({ assistantId: "before", server: null }),
  ],
  [
    "found, its server was never touched",
    { ...bound, server: { url: "https://theirs" } },
    { ...found, previous: { assistantId: "before", server: { url: "https://theirs" } } },
    restore({ assistantId: "before" }),
  ],
  [
    "found, with our fallback",
    { ...bound, fallbackDestination: fallback },
    { ...found, fallback_number: "+15005550111" },
    restore({ assistantId: "before", fallbackDestination: null }),
  ],
  [
    "found, with somebody else's fallback",
    { ...bound, fallbackDestination: fallback },
    found,
    restore({ assistantId: "before" }),
  ],
];
for (const [name, actual, recorded, plan] of CASES) {
  Deno.test(`planNumberRelease: ${name}`, () => {
    assert.deepEqual(planNumberRelease(actual, recorded, ours), plan);
  });
}

Deno.test("what a number had is kept without the headers of its server", () => {
  const theirs = {
    ...number,
    assistantId: "theirs",
    server: { url: "https://theirs", headers: { authorization: "Bearer x" } },
    fallbackDestination: fallback,
  };
  assert.deepEqual(describePrevious(theirs, ours), {
    assistantId: "theirs",
    server: { url: "https://theirs" },
    fallbackDestination: fallback,
  });
  assert.equal(describePrevious(number, ours), null);
  assert.equal(describePrevious({ ...bound, server: decided.server }, ours), null);
});
