import assert from "node:assert/strict";
import { deriveId } from "./derive_id.ts";

Deno.test("the same parts make the same id, others another", () => {
  const id = deriveId("ada", "key");
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(deriveId("ada", "key"), id);
  const others = [deriveId("adak", "ey"), deriveId("ada"), deriveId("key", "ada")];
  assert.ok(!others.includes(id));
});
