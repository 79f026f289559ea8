import { deepEqual, equal, match, ok } from "node:assert/strict";
import { at } from "../../in_memory/read_answer.ts";
import { callFunction } from "../../support/call_function.ts";
import { createTenant } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { askVapi, readAgent, readAssistant, runWorker } from "../agent_sync/agents.ts";
import { clearRequests, injectFault, listRequests } from "../support/workspace.ts";
import {
  addDocuments,
  changeDocument,
  configureVapi,
  connectReader,
  countCalls,
  deleteDocuments,
  listFaults,
  passMinute,
  readStatus,
  readVapiKnowledge,
  sync,
} from "./knowledge.ts";

Deno.test("a sync brings documents to Vapi, one tool to both assistants, and says so", async () => {
  const tenant = await connectReader();
  const { key } = tenant.accounts.vapi;
  const ids = await addDocuments(tenant, [
    { title: "Hours", content: "Open from nine.", category: "operations" },
    { title: "Prices", content: "A filling is 40.", category: "products_services" },
  ]);
  const answer = await sync(tenant);
  equal(answer.status, 200, answer.text);
  equal(at(answer.body, "success"), true, answer.text);
  deepEqual((at(answer.body, "documents") as { id: string }[]).map(({ id }) => id), ids.toSorted());
  const state = await readVapiKnowledge(key);
  deepEqual(listFaults(state, ["Open from nine.", "A filling is 40."]), []);
  equal(at(answer.body, "toolId"), state.tools[0]?.id);
  deepEqual(at(answer.body, "assistants"), [
    { role: "inbound", status: "synced" },
    { role: "outbound", status: "synced" },
  ]);
  const [row] = await queryDatabase<{ vapi_file_id: string; files: number }>(
    `select vapi_file_id, (select count(*)::int from public.kb_sync_log as log
       where log.org_id = document.org_id and log.state = 'succeeded') as files
     from public.knowledge_base as document where id = $1::text::uuid`,
    [ids[0]],
  );
  ok(state.files.some(({ id }) => id === row?.vapi_file_id), "the document says which file it is");
  equal(row?.files, 1, "one sync in the log");
  const status = await readStatus(tenant);
  ok(Number(at(status.body, "log.0.duration_ms")) > 0, status.text);
  equal(at(status.body, "log.0.error"), null);
  equal(at(status.body, "sync.state"), "synced", status.text);
  equal(at(status.body, "sync.changed"), false);
});

Deno.test("only what changed is uploaded, the rest is kept, what is gone is deleted after the swap", async () => {
  const tenant = await connectReader();
  const { key } = tenant.accounts.vapi;
  const text = (index: number) => `Document ${index}: what to know about subject ${index}.`;
  const contents = Array.from({ length: 300 }, (_, index) => text(index));
  const ids = await addDocuments(tenant, contents.map((content) => ({ content })));
  const first = await sync(tenant);
  equal(at(first.body, "success"), true, first.text.slice(0, 500));
  equal((await countCalls(tenant))["POST /file"], 300);
  deepEqual(listFaults(await readVapiKnowledge(key), contents), []);

  await clearRequests("vapi", key);
  await changeDocument(ids[0]!, "A new text.");
  await changeDocument(ids[1]!, "Another new text.");
  await deleteDocuments([ids[2]!]);
  const now = ["A new text.", "Another new text.", ...contents.slice(3)];
  const second = await sync(tenant);
  equal(at(second.body, "success"), true, second.text.slice(0, 500));
  equal(at(second.body, "removed"), 3);
  const calls = await countCalls(tenant);
  equal(calls["POST /file"], 2);
  equal(calls["DELETE /file/{id}"], 3);
  const order = (await listRequests("vapi", key)).map(({ method, path }) => `${method} ${path}`);
  ok(
    order.findIndex((call) => call.startsWith("PATCH /tool/")) <
      order.findIndex((call) => call.startsWith("DELETE /file/")),
    order.join("\n"),
  );
  equal(calls["PATCH /tool/{id}"], 1);
  equal(calls["POST /tool"], undefined);
  deepEqual(listFaults(await readVapiKnowledge(key), now), []);

  await clearRequests("vapi", key);
  await passMinute(tenant);
  const third = await sync(tenant);
  equal(at(third.body, "success"), true);
  deepEqual(await countCalls(tenant), {
    "GET /file": 1,
    "GET /tool/{id}": 1,
    "GET /assistant/{id}": 2,
  }, "somebody who asks is told how it is there");
});

Deno.test("the last document removed detaches the tool and deletes it", async () => {
  const tenant = await connectReader();
  const { key } = tenant.accounts.vapi;
  const ids = await addDocuments(tenant, [{ content: "Only this." }]);
  const own = await askVapi(tenant, "POST", "/tool", { type: "endCall" });
  const { vapi_assistant_id } = await readAgent(tenant, "inbound");
  const { model } = await readAssistant(tenant, "inbound");
  await askVapi(tenant, "PATCH", `/assistant/${vapi_assistant_id}`, {
    model: { ...model as object, toolIds: [own.id] },
  });
  equal((await sync(tenant)).status, 200);
  deepEqual(
    ((await readAssistant(tenant, "inbound")).model as { toolIds: string[] }).toolIds.length,
    2,
    "others' tools are kept",
  );
  await deleteDocuments(ids);
  const answer = await sync(tenant);
  equal(answer.status, 200, answer.text);
  deepEqual([at(answer.body, "success"), at(answer.body, "toolId")], [true, null]);
  const state = await readVapiKnowledge(key);
  deepEqual(listFaults(state, []), []);
  deepEqual(state.tools.map(({ id }) => id), [own.id]);
  const inbound = state.assistants.find(({ metadata }) => metadata.role === "inbound");
  deepEqual(inbound?.model.toolIds, [own.id]);
  ok(!inbound?.model.messages[0]?.content.includes("knowledge-search"));
});

Deno.test("while a new text is on its way the old one answers, and goes after the swap", async () => {
  const tenant = await connectReader();
  const { key } = tenant.accounts.vapi;
  const [id] = await addDocuments(tenant, [{ content: "Open from nine." }]);
  equal((await sync(tenant)).status, 200);
  const before = await readVapiKnowledge(key);
  await changeDocument(id!, "Open from ten.");
  {
    await using _ = await injectFault("vapi", key, {
      method: "POST",
      path: "/file",
      mode: "status",
      status: 500,
    });
    for (const round of ["the first", "another"]) {
      await passMinute(tenant);
      const answer = await sync(tenant);
      equal(at(answer.body, "documents.0.status"), "pending", answer.text);
      deepEqual(listFaults(await readVapiKnowledge(key), ["Open from nine."]), [], round);
    }
    // Another document's text is no reason to take the tool away either.
    await deleteDocuments([id!]);
    await addDocuments(tenant, [{ content: "Prices." }]);
    await sync(tenant);
    equal((await readVapiKnowledge(key)).tools[0]?.id, before.tools[0]?.id);
  }
  await clearRequests("vapi", key);
  equal(at((await sync(tenant)).body, "success"), true);
  const after = await readVapiKnowledge(key);
  deepEqual(listFaults(after, ["Prices."]), []);
  equal(after.tools[0]?.id, before.tools[0]?.id);
  const calls = (await listRequests("vapi", key)).map(({ method, path }) => `${method} ${path}`);
  const swap = calls.findIndex((call) => call.startsWith("PATCH /tool/"));
  const gone = calls.findIndex((call) => call.startsWith("DELETE /file/"));
  ok(swap >= 0 && gone > swap, calls.join("\n"));
});

Deno.test("agents' later syncs keep the tool, and roles that lose it lose it", async () => {
  const tenant = await connectReader();
  const { key } = tenant.accounts.vapi;
  await addDocuments(tenant, [{ content: "Kept." }]);
  equal((await sync(tenant)).status, 200);
  const changed = await callFunction("agent-sync/behavior", {
    token: tenant.owner.token,
    headers: { "x-org-id": tenant.orgId },
    body: { inbound: { systemPrompt: "Be brief." } },
  });
  equal(changed.status, 200, changed.text);
  deepEqual(listFaults(await readVapiKnowledge(key), ["Kept."]), []);

  const one = await sync(tenant, { assistantRoles: ["inbound"], toolName: "ask_clinic" });
  equal(one.status, 200, one.text);
  const state = await readVapiKnowledge(key);
  equal(state.tools.length, 1);
  equal(state.tools[0]?.function.name, "ask_clinic");
  const holders = state.assistants.filter(({ model }) => model.toolIds.length > 0);
  deepEqual(holders.map(({ metadata }) => metadata.role), ["inbound"]);
  ok(holders[0]?.model.messages[0]?.content.includes("ask_clinic"));
});

Deno.test("a document that Vapi can't read is reported, the others go on, and a later sync tries again", async () => {
  const tenant = await connectReader();
  const { key } = tenant.accounts.vapi;
  await configureVapi(tenant, { failFiles: 1 });
  await addDocuments(tenant, [{ content: "One." }, { content: "Two." }, { content: "Three." }]);
  const answer = await sync(tenant);
  equal(answer.status, 200, answer.text);
  deepEqual([at(answer.body, "success"), at(answer.body, "partial")], [false, true]);
  const documents = at(answer.body, "documents") as { status: string; error?: string }[];
  deepEqual(documents.map(({ status }) => status).toSorted(), ["failed", "synced", "synced"]);
  match(documents.find(({ status }) => status === "failed")?.error ?? "", /could not read/);
  equal((await readVapiKnowledge(key)).tools[0]?.knowledgeBases[0]?.fileIds.length, 2);
  await passMinute(tenant);
  const again = await sync(tenant);
  equal(at(again.body, "success"), true, again.text);
  deepEqual(listFaults(await readVapiKnowledge(key), ["One.", "Two.", "Three."]), []);
});

Deno.test("a failed file that can't be deleted is a problem of its own: the others go on", async () => {
  const tenant = await connectReader();
  const { key } = tenant.accounts.vapi;
  await configureVapi(tenant, { failFiles: 1 });
  await addDocuments(tenant, [{ content: "One." }, { content: "Two." }]);
  equal(at((await sync(tenant)).body, "partial"), true);
  await addDocuments(tenant, [{ content: "Three." }]);
  {
    await using _ = await injectFault("vapi", key, {
      method: "DELETE",
      path: "/file/*",
      mode: "status",
      status: 400,
    });
    const answer = await sync(tenant);
    equal(answer.status, 200, answer.text);
    equal(at(answer.body, "partial"), true);
    const documents = at(answer.body, "documents") as { status: string }[];
    deepEqual(documents.map(({ status }) => status).toSorted(), ["failed", "synced", "unchanged"]);
    const state = await readVapiKnowledge(key);
    equal(state.files.length, 3, "none is made a second time");
    equal(state.tools[0]?.knowledgeBases[0]?.fileIds.length, 2);
  }
  await passMinute(tenant);
  equal(at((await sync(tenant)).body, "success"), true);
  deepEqual(listFaults(await readVapiKnowledge(key), ["One.", "Two.", "Three."]), []);
});

Deno.test("a sync is refused while it makes no sense, each time saying why", async (test) => {
  const tenant = await connectReader();
  await addDocuments(tenant, [{ content: "One." }]);
  await test.step("an assistant is missing", async () => {
    await queryDatabase(
      "update public.agents set vapi_assistant_id = null where org_id = $1::text::uuid and role = 'outbound'",
      [tenant.orgId],
    );
    const answer = await sync(tenant);
    equal(answer.status, 409);
    match(answer.text, /the outbound agent has no assistant/);
    await queryDatabase(
      `insert into public.knowledge_syncs (org_id, due_at) values ($1::text::uuid, now())
       on conflict (org_id) do update set due_at = now()`,
      [tenant.orgId],
    );
    await runWorker("sync_knowledge");
    const { tools, assistants } = await readVapiKnowledge(tenant.accounts.vapi.key);
    const inbound = assistants.find(({ metadata }) => metadata.role === "inbound");
    deepEqual(inbound?.model.toolIds, tools.map(({ id }) => id), "the worker did what it could");
    equal(tools.length, 1);
    const { body, text } = await readStatus(tenant);
    deepEqual([at(body, "sync.state"), at(body, "sync.due_at") !== null], [
      "partially_synced",
      true,
    ], text);
    match(String(at(body, "sync.error")), /no assistant/);
    equal((await sync(tenant, { assistantRoles: ["inbound"] })).status, 200);
    const synced = await callFunction("agent-sync/sync", {
      token: tenant.owner.token,
      headers: { "x-org-id": tenant.orgId },
      body: {},
    });
    equal(synced.status, 200, synced.text);
    equal((await sync(tenant)).status, 200);
  });
  await test.step("nothing changed within a minute", async () => {
    const answer = await sync(tenant);
    equal(answer.status, 429, answer.text);
    ok(Number(answer.headers.get("retry-after")) > 0);
    await addDocuments(tenant, [{ content: "Two." }]);
    equal((await sync(tenant)).status, 200);
  });
  await test.step("fields that don't fit", async () => {
    for (
      const body of [{ toolName: "with spaces" }, { assistantRoles: [] }, { roles: ["inbound"] }]
    ) {
      equal((await sync(tenant, body)).status, 400, JSON.stringify(body));
    }
  });
  await test.step("no Vapi account", async () => {
    const other = await createTenant();
    const answer = await sync(other);
    equal(answer.status, 409);
    equal(at(answer.body, "code"), "not_connected");
  });
});

Deno.test("a dry run says what a sync would do, and does nothing", async () => {
  const tenant = await connectReader();
  const { key } = tenant.accounts.vapi;
  await addDocuments(tenant, [{ content: "One." }]);
  const before = await sync(tenant, { dry_run: true });
  equal(before.status, 200, before.text);
  deepEqual(
    [
      at(before.body, "tool"),
      at(before.body, "documents.0.status"),
      at(before.body, "assistants.0.status"),
    ],
    ["create", "planned", "planned"],
  );
  equal((await readVapiKnowledge(key)).files.length, 0);
  const short = await callFunction("kb-sync", {
    token: tenant.owner.token,
    headers: { "x-org-id": tenant.orgId },
    body: {},
  });
  equal(at(short.body, "success"), true, `the short address does the same: ${short.text}`);
  const after = await sync(tenant, { dry_run: true });
  deepEqual(
    [
      at(after.body, "tool"),
      at(after.body, "documents.0.status"),
      at(after.body, "assistants.0.status"),
    ],
    ["unchanged", "unchanged", "unchanged"],
  );
});
