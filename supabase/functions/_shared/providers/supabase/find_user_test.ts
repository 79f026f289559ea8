import assert from "node:assert/strict";
import { serveAnswers } from "../../../../../tests/http/serve_answers.ts";
import { findUser } from "./find_user.ts";

const full = Array.from({ length: 1_000 }, (_, index) => ({
  id: `u${index}`,
  email: `u${index}@a.test`,
}));

Deno.test("reads on while pages are full, and stops where the user is", async () => {
  await using server = serveAnswers(
    { status: 200, body: { users: full } },
    { status: 200, body: { users: [{ id: "last", email: "Last@a.test" }] } },
  );
  const options = { supabaseUrl: server.url, secretKey: "sb_secret_local_demo_key" };
  assert.equal(await findUser("last@a.test", options), "last");
  assert.deepEqual(server.received.map(({ path }) => path), [
    "/auth/v1/admin/users?page=1&per_page=1000",
    "/auth/v1/admin/users?page=2&per_page=1000",
  ]);
  assert.equal(await findUser("nobody@a.test", options), null);
});

Deno.test("an older key is shown as a token too", async () => {
  await using server = serveAnswers({ status: 200, body: { users: [] } });
  await findUser("a@a.test", { supabaseUrl: server.url, secretKey: "eyJ.legacy" });
  assert.equal(server.received[0]?.headers.get("authorization"), "Bearer eyJ.legacy");
});
