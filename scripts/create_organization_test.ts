import assert from "node:assert/strict";
import { type Answer, serveAnswers } from "../tests/http/serve_answers.ts";
import { createOrganization } from "./create_organization.ts";

const OWNER = "aaaaaaaa-0000-4000-8000-000000000001";
const ORG = "11111111-1111-4111-8111-111111111111";

async function run(args: string[], ...answers: Answer[]) {
  await using server = serveAnswers(...answers);
  const environment: Record<string, string> = {
    SUPABASE_URL: server.url,
    SUPABASE_SECRET_KEYS: `{"default": "sb_secret_local_demo_key"}`,
  };
  const result = await createOrganization(args, (name) => environment[name])
    .then((text) => text, (error: Error) => error);
  return { result, requests: server.received };
}

const created = { status: 200, body: { code: "created", org_id: ORG } };

Deno.test("prints the id of what it created for a user's id", async () => {
  const { result, requests } = await run(["--name", "Clinic", "--owner", OWNER], created);
  assert.equal(result, ORG);
  assert.deepEqual(JSON.parse(requests[0]?.body ?? ""), {
    request: { name: "Clinic", owner_user_id: OWNER, parent_id: null, id: null },
  });
});

Deno.test("finds the owner by e-mail address", async () => {
  const users = {
    status: 200,
    body: { users: [{ id: "x", email: null }, { id: OWNER, email: "o@a.test" }] },
  };
  const { result, requests } = await run(
    ["--name", "Clinic", "--owner", "O@a.test", "--parent", ORG],
    users,
    created,
  );
  assert.equal(result, ORG);
  assert.equal(requests[0]?.path, "/auth/v1/admin/users?page=1&per_page=1000");
  assert.equal(requests[0]?.headers.get("apikey"), "sb_secret_local_demo_key");
  const { request } = JSON.parse(requests[1]?.body ?? "");
  assert.deepEqual([request.owner_user_id, request.parent_id], [OWNER, ORG]);
});

const REFUSED: [string, string[], Answer[], RegExp][] = [
  ["nothing to go by", [], [], /--name and --owner are needed/],
  [
    "an id that is none",
    ["--name", "A", "--owner", OWNER, "--parent", "x"],
    [],
    /--parent "x" is not an id/,
  ],
  ["nobody of that address", ["--name", "A", "--owner", "no@a.test"], [{
    status: 200,
    body: { users: [] },
  }], /nobody signs in as "no@a.test"/],
  ["a user list that is closed", ["--name", "A", "--owner", "no@a.test"], [{
    status: 404,
    body: {},
  }], /status 404; give the user's id instead/],
  ["no such user", ["--name", "A", "--owner", OWNER], [{
    status: 200,
    body: { code: "user_not_found" },
  }], /there is no user/],
  ["no such parent", ["--name", "A", "--owner", OWNER, "--parent", ORG], [{
    status: 200,
    body: { code: "parent_not_found" },
  }], /there is no organization/],
  ["a taken id", ["--name", "A", "--owner", OWNER, "--id", ORG], [{
    status: 200,
    body: { code: "id_taken" },
  }], /belongs to another one/],
];
for (const [name, args, answers, message] of REFUSED) {
  Deno.test(`says why it can't: ${name}`, async () => {
    const { result } = await run(args, ...answers);
    assert.ok(result instanceof Error);
    assert.match(result.message, message);
  });
}

Deno.test("--help tells what it does and needs nothing", async () => {
  assert.match(await createOrganization(["--help"], () => undefined), /Creates an organization/);
});
