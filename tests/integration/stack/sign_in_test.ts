import assert from "node:assert/strict";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";

type Session = { access_token: string; refresh_token: string; user: { id: string; email: string } };

async function ask<Answer>(
  path: string,
  { body, token }: { body?: unknown; token?: string } = {},
): Promise<{ status: number; body: Answer }> {
  const { url, publishable_key } = readStack();
  const response = await fetch(`${url}/auth/v1/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      apikey: publishable_key,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() as Answer };
}

async function signUp(): Promise<{ email: string; password: string; session: Session }> {
  const email = `signup-${crypto.randomUUID().slice(0, 8)}@tenants.test`;
  const password = crypto.randomUUID();
  const { status, body } = await ask<Session>("signup", { body: { email, password } });
  assert.equal(status, 200);
  return { email, password, session: body };
}

Deno.test("a new user signs in with the password, and with no other", async () => {
  const { email, password, session } = await signUp();
  const good = await ask<Session>("token?grant_type=password", { body: { email, password } });
  assert.equal(good.status, 200);
  assert.equal(good.body.user.id, session.user.id);
  const bad = await ask<{ error_code: string }>("token?grant_type=password", {
    body: { email, password: "another" },
  });
  assert.deepEqual([bad.status, bad.body.error_code], [400, "invalid_credentials"]);
});

Deno.test("the seeded demo user signs in with the documented password", async () => {
  const { status, body } = await ask<Session>("token?grant_type=password", {
    body: { email: "owner@demo-clinic.test", password: "switchboard-demo" },
  });
  assert.equal(status, 200);
  assert.equal(body.user.id, "aaaaaaaa-0000-4000-8000-000000000001");
});

Deno.test("passwords are stored as bcrypt hashes", async () => {
  const { email, password } = await signUp();
  const [row] = await queryDatabase<{ encrypted_password: string }>(
    "select encrypted_password from auth.users where email = $1",
    [email],
  );
  assert.match(row?.encrypted_password ?? "", /^\$2a\$10\$/);
  assert.equal(row?.encrypted_password.includes(password), false);
});

Deno.test("a refresh token works once", async () => {
  const { session } = await signUp();
  const body = { refresh_token: session.refresh_token };
  const first = await ask<Session>("token?grant_type=refresh_token", { body });
  assert.equal(first.status, 200);
  assert.equal(first.body.user.id, session.user.id);
  assert.equal((await ask("token?grant_type=refresh_token", { body })).status, 400);
});

Deno.test("a token tells whose it is; one with another signature tells nothing", async () => {
  const { session, email } = await signUp();
  const known = await ask<{ email: string }>("user", { token: session.access_token });
  assert.deepEqual([known.status, known.body.email], [200, email]);
  const [header, payload] = session.access_token.split(".");
  const forged = `${header}.${payload}.${"A".repeat(86)}`;
  assert.equal((await ask("user", { token: forged })).status, 403);
});

Deno.test("an address can be taken once", async () => {
  const { email } = await signUp();
  const { status } = await ask("signup", { body: { email, password: "another-one" } });
  assert.equal(status, 422);
});
