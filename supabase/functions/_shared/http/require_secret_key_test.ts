import assert from "node:assert/strict";
import { AppError } from "../errors.ts";
import { createSecretKeyCheck } from "./require_secret_key.ts";

const current = "sb_secret_current";
const older = "sb_secret_older";
const legacy = "eyJhbGciOiJIUzI1NiJ9.legacy.key";
const configured = { secretKeys: [current, older], legacyServiceRoleKey: legacy };

Deno.test("a secret key of the project opens, nothing else does", async (test) => {
  const cases: [string, Parameters<typeof createSecretKeyCheck>[0], HeadersInit, boolean][] = [
    ["the current key", configured, { apikey: current }, true],
    ["an older key", configured, { apikey: older }, true],
    ["the legacy key as apikey", configured, { apikey: legacy }, true],
    ["the legacy key as a bearer", configured, { authorization: `Bearer ${legacy}` }, true],
    ["the legacy key as both", configured, {
      apikey: legacy,
      authorization: `Bearer ${legacy}`,
    }, true],
    ["a secret key as a bearer", configured, { authorization: `Bearer ${current}` }, false],
    ["no header", configured, {}, false],
    ["an empty header", configured, { apikey: "" }, false],
    ["another key", configured, { apikey: "sb_secret_other" }, false],
    ["the beginning of a key", configured, { apikey: current.slice(0, -1) }, false],
    ["a key and more", configured, { apikey: `${current}x` }, false],
    ["a publishable key", configured, { apikey: "sb_publishable_x" }, false],
    ["another bearer", configured, { authorization: "Bearer x" }, false],
    ["no key configured", { secretKeys: [] }, { apikey: "" }, false],
    ["only empty keys configured", { secretKeys: [""], legacyServiceRoleKey: "" }, {
      apikey: "",
    }, false],
    ["no legacy key configured", { secretKeys: [current] }, {
      authorization: "Bearer undefined",
    }, false],
  ];
  for (const [name, keys, headers, opens] of cases) {
    await test.step(name, () => {
      const check = createSecretKeyCheck(keys);
      const call = () => check(new Request("http://x.test", { headers }));
      if (opens) return call();
      assert.throws(call, (error) => error instanceof AppError && error.code === "unauthenticated");
    });
  }
});
