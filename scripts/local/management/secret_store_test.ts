import assert from "node:assert/strict";
import { createSecretStore, secretsSchema } from "./secret_store.ts";

Deno.test("secrets are listed by name with a digest, never with their value", () => {
  const store = createSecretStore({ SUPABASE_URL: "http://x" }, () => 0);
  store.set([{ name: "B", value: "b" }, { name: "A", value: "a" }]);
  const list = store.list();
  assert.deepEqual(list.map(({ name }) => name), ["A", "B", "SUPABASE_URL"]);
  // sha256("a"), as `printf a | sha256sum` says it.
  assert.equal(
    list[0]?.value,
    "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
  );
  assert.equal(list[0]?.updated_at, "1970-01-01T00:00:00.000Z");
});

Deno.test("functions get the platform's variables and the secrets as they are now", () => {
  const store = createSecretStore({ SUPABASE_URL: "http://x" });
  const before = store.generation();
  store.set([{ name: "A", value: "1" }, { name: "B", value: "2" }]);
  store.set([{ name: "A", value: "3" }]);
  store.remove(["B", "NOT_THERE"]);
  assert.deepEqual(store.environment(), { SUPABASE_URL: "http://x", A: "3" });
  assert.notEqual(store.generation(), before);
});

for (
  const [name, entry, accepted] of [
    ["a plain one", { name: "A", value: "1" }, true],
    ["an empty value", { name: "A", value: "" }, true],
    ["a name of the platform", { name: "SUPABASE_URL", value: "x" }, false],
    ["a number", { name: "A", value: 1 }, false],
    ["too long a value", { name: "A", value: "x".repeat(24_577) }, false],
  ] as const
) {
  Deno.test(`a secret with ${name} is ${accepted ? "taken" : "refused"}`, () => {
    assert.equal(secretsSchema.safeParse([entry]).success, accepted);
  });
}
