import { deepEqual, equal } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { at } from "../../in_memory/read_answer.ts";
import { callFunction } from "../../support/call_function.ts";
import { createMember, createPerson, createTenant } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { createForeignJwk, readPrivateJwk, signToken } from "../../support/sign_token.ts";
import { readStack } from "../../support/read_stack.ts";
import { listRequests, saveWorkspace } from "../support/workspace.ts";

/** Tokens that are not what they claim to be, each for the victim's own id. */
const FORGERIES: { name: string; sign(sub: string): Promise<string> }[] = [
  { name: "expired", sign: (sub) => signToken({ sub }, { expiresInSeconds: -60 }) },
  { name: "unsigned", sign: (sub) => signToken({ sub }, { algorithm: "none" }) },
  {
    name: "signed with a foreign key under the right key id",
    sign: async (sub) =>
      signToken({ sub }, { privateJwk: await createForeignJwk(readPrivateJwk().kid ?? "") }),
  },
  {
    name: "signed with a foreign key under its own id",
    sign: async (sub) => signToken({ sub }, { privateJwk: await createForeignJwk("foreign") }),
  },
  {
    name: "signed HS256 with the public key's text as the secret",
    sign: (sub) => {
      const { d: _, ...publicJwk } = readPrivateJwk();
      return signToken({ sub }, { algorithm: "HS256", secret: JSON.stringify(publicJwk) });
    },
  },
  {
    name: "signed HS256 under the key id of the ES256 key",
    sign: (sub) => {
      const { kid, x } = readPrivateJwk();
      return signToken({ sub }, { algorithm: "HS256", secret: String(x), header: { kid } });
    },
  },
  {
    name: "signed with the secret key of the project",
    sign: (sub) => signToken({ sub }, { algorithm: "HS256", secret: readStack().secret_key }),
  },
  { name: "for another audience", sign: (sub) => signToken({ sub, aud: "storage" }) },
  { name: "of the role anon", sign: (sub) => signToken({ sub, role: "anon" }) },
  { name: "of nobody", sign: () => signToken({}) },
  { name: "of somebody who is not a UUID", sign: () => signToken({ sub: "owner" }) },
  {
    name: "with its payload changed after signing",
    sign: async (sub) => {
      const [header, , signature] = (await signToken({ sub: randomUUID() })).split(".");
      const [, payload] = (await signToken({ sub })).split(".");
      return [header, payload, signature].join(".");
    },
  },
  { name: "a secret key", sign: () => Promise.resolve(readStack().secret_key) },
  { name: "nonsense", sign: () => Promise.resolve("nonsense") },
];

Deno.test("a token that is not genuine is a 401, and nothing happens", async (test) => {
  const tenant = await createTenant();
  for (const { name, sign } of FORGERIES) {
    await test.step(name, async () => {
      const answer = await saveWorkspace(tenant, { token: await sign(tenant.owner.id) });
      equal(answer.status, 401);
      equal(at(answer.body, "code"), "unauthenticated");
    });
  }
  await test.step("no token", async () => {
    const answer = await callFunction("workspace-save", {
      body: { vapi_api_key: tenant.accounts.vapi.key },
    });
    equal(answer.status, 401);
    equal(answer.headers.get("www-authenticate"), "Bearer");
  });
  deepEqual(await listRequests("vapi", tenant.accounts.vapi.key), []);
});

Deno.test("a project's legacy HS256 tokens are still accepted", async () => {
  const tenant = await createTenant();
  const token = await signToken({ sub: tenant.owner.id }, { algorithm: "HS256" });
  equal((await saveWorkspace(tenant, { token })).status, 200);
});

Deno.test("what a user may write about himself gives no rights", async (test) => {
  const [victim, attacker] = await Promise.all([createTenant(), createTenant()]);
  const outsider = await createPerson("outsider");
  const claims = { user_metadata: { org_id: victim.orgId, role: "owner" }, org_id: victim.orgId };
  const headers = { "x-org-id": victim.orgId };
  await test.step("an outsider with the victim's id in his metadata", async () => {
    const token = await signToken({ sub: outsider.id, ...claims });
    equal((await saveWorkspace(victim, { token })).status, 403);
    equal((await saveWorkspace(victim, { token, headers })).status, 403);
    equal((await callFunction("workspace-save", { token, headers })).status, 403);
    equal((await callFunction("agent-sync/sync", { token, headers, body: {} })).status, 403);
    equal(
      (await callFunction("workspace-save/vapi", { method: "DELETE", token, headers })).status,
      403,
    );
  });
  await test.step("another organization's owner stays in his own", async () => {
    const token = await signToken({ sub: attacker.owner.id, ...claims });
    const own = await saveWorkspace(attacker, { token });
    equal(own.status, 200);
    equal(at(own.body, "orgId"), attacker.orgId);
    equal((await saveWorkspace(attacker, { token, headers })).status, 403);
  });
  await test.step("an organization that does not exist looks like one of somebody else", async () => {
    const { token } = attacker.owner;
    const foreign = await callFunction("workspace-save", { token, headers });
    const unknown = await callFunction("workspace-save", {
      token,
      headers: { "x-org-id": randomUUID() },
    });
    deepEqual({ ...unknown.body, requestId: "" }, { ...foreign.body, requestId: "" });
    equal(
      (await callFunction("workspace-save", { token, headers: { "x-org-id": "1 or 1=1" } })).status,
      400,
    );
  });
  await test.step("nothing of the victim was touched, and the attempt is on record", async () => {
    deepEqual(await listRequests("vapi", victim.accounts.vapi.key), []);
    const rows = await queryDatabase<{ action: string }>(
      `select distinct action from public.audit_log where org_id = $1::text::uuid
         and actor in ($2, $3)`,
      [victim.orgId, outsider.id, attacker.owner.id],
    );
    deepEqual(rows, [{ action: "access_refused" }]);
  });
});

Deno.test("a member of several organizations chooses with x-org-id", async () => {
  const [one, two] = await Promise.all([createTenant(), createTenant()]);
  const person = await createMember(one.orgId, "admin");
  await queryDatabase(
    `insert into public.organization_members (org_id, user_id, role)
     values ($1::text::uuid, $2::text::uuid, 'viewer')`,
    [two.orgId, person.id],
  );
  const { token } = person;
  const undecided = await saveWorkspace(one, { token });
  equal(undecided.status, 400);
  equal(at(undecided.body, "code"), "organization_required");
  equal((await saveWorkspace(one, { token, headers: { "x-org-id": one.orgId } })).status, 200);
  equal((await saveWorkspace(two, { token, headers: { "x-org-id": two.orgId } })).status, 403);
});
