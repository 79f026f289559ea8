import assert from "node:assert/strict";
import { LOCAL_SECRETS } from "../local/function_environment.ts";
import { checkEnvironment } from "./check_environment.ts";

const KEY = btoa("k".repeat(32));
const good = {
  CREDENTIAL_KEYS: `{"key-1":"${KEY}"}`,
  VAPI_WEBHOOK_SECRET: "a-secret-of-32-characters-or-more",
  WHATSAPP_APP_SECRET: "0123456789abcdef0123456789abcdef",
  WA_VERIFY_TOKEN: "a-token-of-24-characters",
};

type Case = [name: string, file: Record<string, string>, expected: [string, RegExp][]];
const cases: Case[] = [
  ["all that is needed", {}, []],
  ["nothing at all", {
    CREDENTIAL_KEYS: "",
    VAPI_WEBHOOK_SECRET: " ",
    WHATSAPP_APP_SECRET: "",
    WA_VERIFY_TOKEN: "",
  }, [
    ["CREDENTIAL_KEYS", /is missing/],
    ["VAPI_WEBHOOK_SECRET", /is missing/],
    ["WHATSAPP_APP_SECRET", /is missing/],
    ["WA_VERIFY_TOKEN", /is missing/],
  ]],
  ["a key of 16 bytes", { CREDENTIAL_KEYS: `{"a":"${btoa("k".repeat(16))}"}` }, [[
    "CREDENTIAL_KEYS",
    /must be JSON like/,
  ]]],
  ["a key that is no JSON", { CREDENTIAL_KEYS: KEY }, [["CREDENTIAL_KEYS", /must be JSON like/]]],
  ["a short secret", { VAPI_WEBHOOK_SECRET: "hunter2" }, [[
    "VAPI_WEBHOOK_SECRET",
    /fewer than 16/,
  ]]],
  ["a short older one", { VAPI_WEBHOOK_SECRET: `${good.VAPI_WEBHOOK_SECRET},hunter2` }, [[
    "VAPI_WEBHOOK_SECRET",
    /fewer than 16/,
  ]]],
  ["a short token", { WA_VERIFY_TOKEN: "hunter2" }, [["WA_VERIFY_TOKEN", /fewer than 16/]]],
  ["a token of Meta's in place of the app's secret", { WHATSAPP_APP_SECRET: "EAAJhunter2" }, [[
    "WHATSAPP_APP_SECRET",
    /32 hexadecimal/,
  ]]],
  ["two app secrets", { WHATSAPP_APP_SECRET: `${"a".repeat(32)},${"b".repeat(32)}` }, []],
  ["a name that nobody reads", { WHATSAP_APP_SECRET: "hunter2" }, [[
    "WHATSAP_APP_SECRET",
    /read by no function/,
  ]]],
  ["a switch that is none", { AGENT_SYSTEM_ENABLED: "hunter2" }, [[
    "AGENT_SYSTEM_ENABLED",
    /must be true or false/,
  ]]],
  ["pages of this machine", { PAGE_TEST_ORIGINS: "http://127.0.0.1:*" }, [[
    "PAGE_TEST_ORIGINS",
    /private addresses/,
  ]]],
  ["a legacy service of this machine", { LEGACY_TEST_ORIGINS: "http://10.0.0.1" }, [[
    "LEGACY_TEST_ORIGINS",
    /private addresses/,
  ]]],
  ["a simulator", { VAPI_API_URL: "http://127.0.0.1:4010" }, [["VAPI_API_URL", /this machine/]]],
  ["no https", { ALERT_WEBHOOK_URL: "http://alerts.test/x" }, [["ALERT_WEBHOOK_URL", /not https/]]],
  ["the demo's values", LOCAL_SECRETS, [
    ["VAPI_WEBHOOK_SECRET", /everybody knows/],
    ["WHATSAPP_APP_SECRET", /everybody knows/],
    ["WA_VERIFY_TOKEN", /everybody knows/],
  ]],
];

for (const [name, change, expected] of cases) {
  Deno.test(`an environment file with ${name}`, () => {
    const file = { ...good, ...change };
    const failed = checkEnvironment(file, "production").filter(({ state }) => state === "failed");
    assert.deepEqual(failed.map(({ check }) => check), expected.map(([check]) => check));
    failed.forEach(({ detail, cure }, place) => {
      assert.match(detail, expected[place]![1]);
      assert.ok(cure, "with what to do");
      assert.ok(!`${detail}${cure}`.includes("hunter2"), "and no value");
    });
  });
}

Deno.test("for staging the demo's values and addresses of this machine do", () => {
  const file = { ...good, ...LOCAL_SECRETS, PAGE_TEST_ORIGINS: "http://127.0.0.1:*" };
  assert.deepEqual(
    checkEnvironment(file, "staging").filter(({ state }) => state === "failed"),
    [],
  );
});

Deno.test("what the platform sets is told to be taken out, and any origin to be named", () => {
  const file = { ...good, SUPABASE_URL: "https://x.supabase.co", DASHBOARD_ORIGINS: "*" };
  const advised = checkEnvironment(file, "production").filter(({ state }) => state === "advised");
  assert.deepEqual(advised.map(({ check }) => check), ["DASHBOARD_ORIGINS", "SUPABASE_URL"]);
});
