import fc from "fast-check";
import assert from "node:assert/strict";
import { scrubSecrets } from "./scrub_secrets.ts";

Deno.test("no form of a secret is left, wherever it stands", () => {
  const secret = fc.string({ minLength: 8, maxLength: 40, unit: "grapheme-ascii" });
  fc.assert(fc.property(secret, secret, fc.lorem(), (one, other, text) => {
    const said = `${text}${one}${text}${encodeURIComponent(other)} ${btoa(one)}`;
    const scrubbed = scrubSecrets(said, [one, other]);
    assert.ok(!scrubbed.includes(one));
    assert.ok(!scrubbed.includes(btoa(one)));
  }));
});

Deno.test("a secret inside another leaves no rest of it", () => {
  assert.equal(scrubSecrets("it is abcdefgh", ["abcd", "abcdefgh"]), "it is [redacted]");
});

Deno.test("what is no secret is left, and cut at 500 characters", () => {
  assert.equal(
    scrubSecrets("property x should not exist", ["key", ""]),
    "property x should not exist",
  );
  assert.equal(scrubSecrets("y".repeat(600), []).length, 501);
});
