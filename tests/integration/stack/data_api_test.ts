import assert from "node:assert/strict";
import { createTenant } from "../../support/create_tenant.ts";
import { readStack } from "../../support/read_stack.ts";
import { signToken } from "../../support/sign_token.ts";

async function readOrganizations(headers: Record<string, string>) {
  const response = await fetch(`${readStack().url}/rest/v1/organizations?select=id`, { headers });
  return { status: response.status, body: await response.json() as unknown };
}

Deno.test("without a key, or with an unknown one, the data API answers 401", async () => {
  assert.equal((await readOrganizations({})).status, 401);
  assert.equal((await readOrganizations({ apikey: "sb_secret_guessed" })).status, 401);
});

Deno.test("a user's token beside the publishable key reads as that user", async () => {
  const { orgId, owner } = await createTenant();
  const { status, body } = await readOrganizations({
    apikey: readStack().publishable_key,
    authorization: `Bearer ${owner.token}`,
  });
  assert.deepEqual([status, body], [200, [{ id: orgId }]]);
});

Deno.test("a legacy HS256 token reads as its user too", async () => {
  const { orgId, owner } = await createTenant();
  const token = await signToken({ sub: owner.id }, { algorithm: "HS256" });
  const { status, body } = await readOrganizations({
    apikey: readStack().publishable_key,
    authorization: `Bearer ${token}`,
  });
  assert.deepEqual([status, body], [200, [{ id: orgId }]]);
});

Deno.test("an expired token and a forged one read nothing", async () => {
  const { owner } = await createTenant();
  const tokens = [
    await signToken({ sub: owner.id }, { expiresInSeconds: -60 }),
    await signToken({ sub: owner.id }, { algorithm: "HS256", secret: "guessed".repeat(8) }),
    await signToken({ sub: owner.id }, { algorithm: "none" }),
  ];
  for (const token of tokens) {
    const { status } = await readOrganizations({
      apikey: readStack().publishable_key,
      authorization: `Bearer ${token}`,
    });
    assert.equal(status, 401);
  }
});
