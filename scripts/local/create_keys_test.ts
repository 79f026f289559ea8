import assert from "node:assert/strict";
import { createKeys, verificationKeys } from "./create_keys.ts";

Deno.test("keys are made once and then kept", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [first, second] = [await createKeys(folder), await createKeys(folder)];
    assert.deepEqual(second.privateJwk, first.privateJwk);
    assert.equal(second.legacyJwtSecret, first.legacyJwtSecret);
    assert.equal(second.credentialKeys, first.credentialKeys);
    const { mode } = await Deno.stat(first.authPrivateJwkPath);
    assert.equal((mode ?? 0) & 0o077, 0, "nobody else may read the signing key");
    const { keys } = JSON.parse(verificationKeys(first)) as { keys: { kty: string; d?: string }[] };
    assert.deepEqual(keys.map(({ kty, d }) => [kty, d]), [["EC", undefined], ["oct", undefined]]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
