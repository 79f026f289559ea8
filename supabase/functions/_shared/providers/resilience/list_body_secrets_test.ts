import assert from "node:assert/strict";
import { listBodySecrets } from "./list_body_secrets.ts";

const CASES: [string, unknown, string[]][] = [
  ["no body", undefined, []],
  ["null", null, []],
  ["an assistant", {
    name: "Reception",
    server: { url: "https://u", headers: { "X-Vapi-Secret": "s1", "x-more": "s2" } },
  }, ["s1", "s2"]],
  ["an imported number", {
    number: "+15005550100",
    twilioAccountSid: "AC1",
    twilioAuthToken: "token",
    server: { headers: { "X-Vapi-Secret": "s1" } },
  }, ["token", "s1"]],
  ["a tool inside a list", {
    model: { tools: [{ type: "function", server: { headers: { a: "s1" } } }] },
  }, ["s1"]],
  ["headers by a schema", { headers: { properties: { key: { value: "s1" } } } }, ["s1"]],
  ["headers of no text", { headers: null, twilioAuthToken: 5 }, []],
];
for (const [name, body, expected] of CASES) {
  Deno.test(`listBodySecrets: ${name}`, () => assert.deepEqual(listBodySecrets(body), expected));
}
