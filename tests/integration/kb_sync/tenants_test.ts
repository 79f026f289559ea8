import assert from "node:assert/strict";
import { callFunction } from "../../support/call_function.ts";
import { callRpc } from "../../support/call_rpc.ts";
import { createMember, createTenant } from "../../support/create_tenant.ts";
import { readStack } from "../../support/read_stack.ts";
import { createDocument, search } from "./support.ts";

const [tenant, other] = await Promise.all([createTenant(), createTenant()]);
const [member, viewer] = await Promise.all([
  createMember(tenant.orgId, "member"),
  createMember(tenant.orgId, "viewer"),
]);
const created = await createDocument(tenant.owner.token, {
  title: "Secret recipe",
  text: "Seventeen herbs and a spoon of honey.",
});
const { id } = created.body.document;
// Something to find for the other as well: an empty answer would prove little.
await createDocument(other.owner.token, { title: "Market", text: "Stalls open at six." });
const ROUTES: [method: string, path: string, body?: unknown][] = [
  ["GET", `documents/${id}`],
  ["GET", `documents/${id}/history`],
  ["PATCH", `documents/${id}`, { title: "Taken" }],
  ["DELETE", `documents/${id}`],
];
/** Which name no document. */
const OTHERS: [method: string, path: string, body?: unknown][] = [
  ["GET", "documents"],
  ["POST", "documents", { title: "Planted", text: "Put here by somebody else." }],
  ["POST", "", {}],
  ["POST", "sync", {}],
  ["GET", "status"],
];

Deno.test("another organization never sees a row: through every route", async (test) => {
  for (const [method, path, body] of ROUTES) {
    await test.step(`${method} ${path.replace(id, ":id")}`, async () => {
      const call = { method, token: other.owner.token, ...(body === undefined ? {} : { body }) };
      const own = await callFunction(`kb-sync/${path}`, call);
      assert.equal(own.status, 404, own.text);
      const claimed = await callFunction(`kb-sync/${path}`, {
        ...call,
        headers: { "x-org-id": tenant.orgId },
      });
      assert.equal(claimed.status, 403, claimed.text);
    });
  }
  for (const [method, path, body] of OTHERS) {
    await test.step(`${method} ${path || "/"} in the other's name`, async () => {
      const claimed = await callFunction(`kb-sync/${path}`, {
        method,
        token: other.owner.token,
        headers: { "x-org-id": tenant.orgId },
        ...(body === undefined ? {} : { body }),
      });
      assert.equal(claimed.status, 403, claimed.text);
    });
  }
  const listed = await callFunction<{ documents: { title: string }[] }>("kb-sync/documents", {
    token: other.owner.token,
  });
  assert.deepEqual(listed.body.documents.map(({ title }) => title), ["Market"]);
  assert.deepEqual(await search(other.owner.token, "herbs honey"), []);
  assert.deepEqual(await search(other.owner.token, "stalls"), ["Market"]);
  const claimed = await callFunction("kb-sync/search", {
    token: other.owner.token,
    headers: { "x-org-id": tenant.orgId },
    body: { query: "herbs" },
  });
  assert.equal(claimed.status, 403);
  const named = await callFunction("kb-sync/search", {
    token: other.owner.token,
    body: { query: "herbs", org_id: tenant.orgId },
  });
  assert.equal(named.status, 400);
  assert.deepEqual(await search(tenant.owner.token, "herbs honey"), ["Secret recipe"]);
});

Deno.test("through every table and function of the Data API", async (test) => {
  const { url, publishable_key } = readStack();
  const ask = (path: string, token: string, body?: unknown) =>
    fetch(`${url}/rest/v1/${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        apikey: publishable_key,
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const TABLES: [name: string, column: string][] = [
    ["knowledge_base", "id"],
    ["knowledge_base_versions", "document_id"],
    ["knowledge_base_chunks", "document_id"],
    ["knowledge_base_changelog", "document_id"],
  ];
  for (const [table, column] of TABLES) {
    await test.step(table, async () => {
      const path = `${table}?select=${column}`;
      const rows: unknown[] = await (await ask(path, other.owner.token)).json();
      assert.ok(rows.length > 0, "the other sees its own");
      assert.ok(!JSON.stringify(rows).includes(id), "and nothing else");
      assert.deepEqual(await (await ask(path, viewer.token)).json(), []);
      const seen: unknown[] = await (await ask(path, member.token)).json();
      assert.ok(seen.length > 0, "a member sees the own");
      const written = await ask(table, member.token, { org_id: tenant.orgId });
      await written.body?.cancel();
      assert.equal(written.status, 403);
    });
  }
  const FUNCTIONS = [
    ...["create", "update", "delete", "read"].map((verb) => `${verb}_knowledge_document`),
    "list_knowledge_documents",
    "read_knowledge_history",
    "search_knowledge",
    "read_knowledge_version",
    "read_texts_to_embed",
  ];
  for (const name of FUNCTIONS) {
    await test.step(name, async () => {
      const request = { org_id: tenant.orgId, id, document_id: id, query: "herbs" };
      const answer = await ask(`rpc/${name}`, other.owner.token, { request });
      await answer.body?.cancel();
      assert.equal(answer.status, 403);
      // Not even with the secret key does one organization's name open another's document.
      if (name.startsWith("create")) return;
      const crossed = await callRpc<{ code: string }>(name, { ...request, org_id: other.orgId });
      const seen = JSON.stringify(crossed);
      assert.ok(!seen.includes("herbs and") && !seen.includes("Secret"), seen);
    });
  }
});

Deno.test("members read and don't write, viewers do neither", async () => {
  const read = await callFunction(`kb-sync/documents/${id}`, { token: member.token });
  assert.equal(read.status, 200);
  for (const [method, path, body] of ROUTES.slice(2)) {
    const answer = await callFunction(`kb-sync/${path}`, {
      method,
      token: member.token,
      ...(body === undefined ? {} : { body }),
    });
    assert.equal(answer.status, 403);
  }
  assert.equal((await callFunction("kb-sync/documents", { token: viewer.token })).status, 403);
  assert.equal((await callFunction("kb-sync/documents")).status, 401);
});
