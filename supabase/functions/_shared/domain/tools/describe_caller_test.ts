import assert from "node:assert/strict";
import type { JsonObject } from "../../ports.ts";
import type { CallContext } from "../../ports_calls.ts";
import { SAFE_FLAGS } from "../rollout/parse_flags.ts";
import { prepareCall } from "./call_tool.ts";
import { describeCaller } from "./describe_caller.ts";

const ORG = "11111111-1111-4111-8111-111111111111";
const values: JsonObject = {
  language: "fr",
  currency: "KES",
  location: { latitude: -1.95, longitude: 30.06, name: "Kigali" },
};
const describe = (
  features: JsonObject | null,
  known: JsonObject | null = values,
  deny: string[] = [],
) =>
  describeCaller({
    call: {
      id: "row-1",
      vapi_call_id: "call-1",
      direction: "inbound",
      state: "answered",
      contact_id: "contact-1",
      phone_number: "+250788123456",
    },
    agent: null,
    settings: {
      business_hours: {},
      time_zone: "UTC",
      language: "en",
      fallback_text: "",
      transfer_number: null,
      test_numbers: [],
      enabled_tools: [],
      phone_knowledge_mode: "query_tool",
    },
    flags: {
      unified_service_flags: features === null ? "broken" : {
        ...SAFE_FLAGS,
        unifiedServiceEnabled: true,
        unifiedServiceRolloutPercent: 100,
        deny,
        features: { ...SAFE_FLAGS.features, ...features },
      },
    },
    whatsapp_connected: false,
    stored_results: [],
    questions: [],
    preferences: known === null ? null : { rollout_key: "250788000001", values: known },
  } as CallContext, { orgId: ORG, now: 0, newId: () => "id" });

Deno.test("a call knows what the chat has learnt, where that is shared", async (test) => {
  const cases: [string, JsonObject | null, JsonObject | null, unknown[]][] = [
    ["shared", { sharedPreferences: true }, values, ["fr", "KES", -1.95]],
    ["not shared", { sharedPreferences: false }, values, ["en", null, undefined]],
    ["flags that nobody can read", null, values, ["en", null, undefined]],
    ["nobody known", { sharedPreferences: true }, null, ["en", null, undefined]],
    [
      "what isn't one",
      { sharedPreferences: true },
      { language: "xx", currency: "francs", location: "Kigali" },
      ["en", null, undefined],
    ],
  ];
  for (const [name, features, known, expected] of cases) {
    await test.step(name, () => {
      const { language, preferences } = describe(features, known);
      assert.deepEqual(
        [language, preferences?.currency, preferences?.location?.latitude],
        expected,
      );
    });
  }
  for (const denied of ["250788000001", "+250 788 123 456"]) {
    await test.step(`denied as ${denied}`, () => {
      assert.equal(describe({ sharedPreferences: true }, values, [denied]).language, "en");
    });
  }
});

Deno.test("what is shared is used where nothing else is said", () => {
  const context = describe({ sharedPreferences: true });
  const list = { domain: "marketplace", side: "offer", title: "A lamp", price: 5 };
  const currencyOf = (given: JsonObject) => {
    const call = prepareCall({ name: "create_listing", arguments: given }, context);
    assert.ok(call.ok, JSON.stringify(call));
    return call.input["currency"];
  };
  assert.equal(currencyOf(list), "KES");
  assert.equal(currencyOf({ ...list, currency: "USD" }), "USD");

  const nearOf = (given: JsonObject) => {
    const call = prepareCall({
      name: "search_listings",
      arguments: { domains: ["jobs"], ...given },
    }, context);
    assert.ok(call.ok);
    return (call.reads[0] as { near?: unknown }).near;
  };
  assert.deepEqual(nearOf({ near_me: true }), { latitude: -1.95, longitude: 30.06, within_km: 25 });
  assert.equal(nearOf({}), undefined);

  const question = prepareCall({ name: "create_listing", arguments: list }, context);
  assert.ok(question.ok);
  assert.match(question.finish([]).output.message, /Ask the caller: ".*\?"/);
});
