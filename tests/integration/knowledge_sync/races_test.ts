import { deepEqual, equal, ok } from "node:assert/strict";
import { at } from "../../in_memory/read_answer.ts";
import { createAccounts, createMember, createPerson } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { askVapi, runWorker } from "../agent_sync/agents.ts";
import {
  clearRequests,
  injectFault,
  resetRateLimits,
  saveWorkspace,
  waitUntil,
} from "../support/workspace.ts";
import {
  addDocuments,
  changeDocument,
  configureVapi,
  connectReader,
  countCalls,
  listFaults,
  passMinute,
  raiseBudget,
  readStatus,
  readVapiKnowledge,
  sync,
} from "./knowledge.ts";

const makeDue = (orgId: string) =>
  queryDatabase(
    "update public.knowledge_syncs set due_at = now() where org_id = $1::text::uuid",
    [orgId],
  );

/** Whether this minute of the database's goes on for a while. */
async function hasTimeLeft(): Promise<boolean> {
  const [row] = await queryDatabase<{ second: number }>(
    "select extract(second from clock_timestamp())::int as second",
  );
  return row !== undefined && row.second < 40;
}

Deno.test("two at once: one syncs, the other is told which, and there is one of everything", async () => {
  const tenant = await connectReader();
  const contents = Array.from({ length: 10 }, (_, index) => `Text ${index}.`);
  await addDocuments(tenant, contents.map((content) => ({ content })));
  // One that is over before another begins is no race: who comes so late is told that nothing changed.
  await using _slow = await injectFault("vapi", tenant.accounts.vapi.key, {
    method: "POST",
    path: "/tool",
    mode: "latency",
    latencyMilliseconds: 2_000,
    times: 1,
  });
  const answers = await Promise.all(Array.from({ length: 4 }, () => sync(tenant)));
  deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409, 409, 409]);
  const synced = answers.find(({ status }) => status === 200)!;
  for (const answer of answers.filter(({ status }) => status === 409)) {
    equal(at(answer.body, "syncId"), at(synced.body, "syncId"), answer.text);
  }
  equal((await countCalls(tenant))["POST /file"], 10);
  deepEqual(listFaults(await readVapiKnowledge(tenant.accounts.vapi.key), contents), []);
});

Deno.test("a storm of 429 leaves nothing twice and nothing behind: the worker goes on", async () => {
  const tenant = await connectReader();
  const { key } = tenant.accounts.vapi;
  const contents = Array.from({ length: 40 }, (_, index) => `Storm ${index}.`);
  await addDocuments(tenant, contents.map((content) => ({ content })));
  {
    await using _ = await injectFault("vapi", key, {
      method: "POST",
      path: "/file",
      mode: "status",
      status: 429,
      retryAfterSeconds: 60,
    });
    const answer = await sync(tenant);
    equal(answer.status, 502, answer.text);
    ok((await countCalls(tenant))["POST /file"]! <= 16, "it is left alone");
  }
  await configureVapi(tenant, {
    rateLimit: { limit: 25, windowMilliseconds: 300, retryAfterSeconds: 0.3 },
  });
  for (let round = 0; round < 10; round++) {
    await makeDue(tenant.orgId);
    await runWorker("sync_knowledge");
    const { sync: state } = (await readStatus(tenant)).body as { sync: { state: string } };
    if (state.state === "synced") break;
  }
  await configureVapi(tenant, { rateLimit: null });
  deepEqual(listFaults(await readVapiKnowledge(key), contents), []);
});

Deno.test("lost answers: files and tools that came into being are found, not made again", async () => {
  const tenant = await connectReader();
  const { key } = tenant.accounts.vapi;
  const contents = ["One.", "Two.", "Three."];
  await addDocuments(tenant, contents.map((content) => ({ content })));
  await using _files = await injectFault("vapi", key, {
    method: "POST",
    path: "/file",
    mode: "drop",
    moment: "after",
    times: 2,
  });
  await using _tools = await injectFault("vapi", key, {
    method: "POST",
    path: "/tool",
    mode: "drop",
    moment: "after",
    times: 1,
  });
  const answer = await sync(tenant);
  equal(at(answer.body, "success"), true, answer.text);
  equal((await countCalls(tenant))["POST /tool"], 1);
  deepEqual(listFaults(await readVapiKnowledge(key), contents), []);
});

Deno.test("a document that changes while a sync runs is synced by it, or by the worker after it", async () => {
  const tenant = await connectReader();
  const { key } = tenant.accounts.vapi;
  const ids = await addDocuments(tenant, [{ content: "Old." }, { content: "Same." }]);
  await using _ = await injectFault("vapi", key, {
    method: "POST",
    path: "/tool",
    mode: "latency",
    // Long enough for a busy machine to change a document meanwhile.
    latencyMilliseconds: 3_000,
    times: 1,
  });
  const running = sync(tenant);
  await waitUntil("uploads", async () => ((await countCalls(tenant))["POST /file"] ?? 0) === 2);
  await changeDocument(ids[0]!, "New.");
  const answer = await running;
  equal(answer.status, 200, answer.text);
  deepEqual(listFaults(await readVapiKnowledge(key), ["New.", "Same."]), []);
});

Deno.test("what never gets to Vapi is tried again after pauses, then failed, and told", async () => {
  const tenant = await connectReader();
  const { key } = tenant.accounts.vapi;
  await addDocuments(tenant, [{ content: "Stuck." }]);
  const readSync = async () =>
    (await queryDatabase<{ pause: number | null; alerts: number }>(
      `select extract(epoch from due_at - now())::float as pause, (
         select count(*)::int from public.alerts as alert
         where alert.org_id = sync.org_id and alert.rule = 'knowledge_sync_failed' and alert.state = 'raised'
       ) as alerts
       from public.knowledge_syncs as sync where org_id = $1::text::uuid`,
      [tenant.orgId],
    ))[0];
  {
    await using _ = await injectFault("vapi", key, {
      method: "POST",
      path: "/file",
      mode: "status",
      status: 500,
    });
    await sync(tenant);
    for (const failures of [1, 8]) {
      await queryDatabase(
        "update public.knowledge_syncs set due_at = now(), consecutive_failures = $2 where org_id = $1::text::uuid",
        [tenant.orgId, failures],
      );
      await runWorker("sync_knowledge");
      const { pause, alerts } = (await readSync())!;
      if (failures === 1) ok(pause !== null && pause > 10, `it waits ${pause} seconds`);
      else deepEqual([pause, alerts], [null, 1]);
    }
    const { body, text } = await readStatus(tenant);
    equal(at(body, "documents.0.state"), "failed", text);
    equal(at(body, "sync.state"), "failed", text);
  }
  await passMinute(tenant);
  const answer = await sync(tenant);
  equal(at(answer.body, "success"), true, answer.text);
  deepEqual(listFaults(await readVapiKnowledge(key), ["Stuck."]), []);
  equal((await readSync())?.alerts, 0);
});

Deno.test("an upload that may still arrive is waited for, a day and no longer", async () => {
  const tenant = await connectReader();
  const countRows = async () =>
    (await queryDatabase<{ count: number; due: boolean }>(
      `select (select count(*)::int from public.knowledge_files as file where file.org_id = sync.org_id) as count,
         due_at is not null as due
       from public.knowledge_syncs as sync where org_id = $1::text::uuid`,
      [tenant.orgId],
    ))[0];
  await queryDatabase(
    `insert into public.knowledge_files (org_id, content_hash, key_fingerprint)
     select org_id, 'nobody wants it any more', fingerprint from public.integrations
     where org_id = $1::text::uuid and provider = 'vapi'`,
    [tenant.orgId],
  );
  equal((await sync(tenant)).status, 200);
  deepEqual(await countRows(), { count: 1, due: true }, "it is looked for");
  await queryDatabase(
    "update public.knowledge_files set intended_at = now() - interval '25 hours' where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  await passMinute(tenant);
  equal((await sync(tenant)).status, 200);
  deepEqual(await countRows(), { count: 0, due: false });
});

Deno.test("a save queues one sync where the settings want it, and none where they don't", async () => {
  const tenant = await connectReader();
  await addDocuments(tenant, [{ content: "Saved." }]);
  const want = (times: number) =>
    queryDatabase(
      "select private.want_knowledge_sync($1::text::uuid) from generate_series(1, $2::int)",
      [tenant.orgId, times],
    );
  const countJobs = async () =>
    (await queryDatabase<{ count: number }>(
      `select count(*)::int as count from public.background_jobs
       where org_id = $1::text::uuid and kind = 'sync_knowledge' and state = 'queued'`,
      [tenant.orgId],
    ))[0]?.count;
  await queryDatabase(
    "update public.organization_settings set auto_sync = false where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  await want(1);
  equal(await countJobs(), 0);
  await queryDatabase(
    "update public.organization_settings set auto_sync = true where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  await want(5);
  equal(await countJobs(), 1);
  await queryDatabase(
    "update public.background_jobs set available_at = now() where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  await runWorker("sync_knowledge");
  deepEqual(listFaults(await readVapiKnowledge(tenant.accounts.vapi.key), ["Saved."]), []);
  await clearRequests("vapi", tenant.accounts.vapi.key);
  await want(1);
  await queryDatabase(
    "update public.background_jobs set available_at = now() where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  await runWorker("sync_knowledge");
  deepEqual(await countCalls(tenant), {}, "nothing changed, nothing asked");
});

Deno.test("another Vapi account: files and tool are rebuilt there, a new key of the same finds them", async () => {
  const tenant = await connectReader();
  await addDocuments(tenant, [{ content: "Moved." }]);
  equal((await sync(tenant)).status, 200);
  const before = await readVapiKnowledge(tenant.accounts.vapi.key);

  const other = (await createAccounts("other")).vapi;
  await resetRateLimits(tenant.orgId);
  const saved = await saveWorkspace(tenant, { body: { vapi_api_key: other.key } });
  equal(saved.status, 200, saved.text);
  const moved = { ...tenant, accounts: { ...tenant.accounts, vapi: other } };
  for (const { model } of (await readVapiKnowledge(other.key)).assistants) {
    deepEqual(model.toolIds, [], "no tool that isn't there");
  }
  await queryDatabase(
    "update public.background_jobs set available_at = now() where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  await runWorker("sync_knowledge");
  deepEqual(listFaults(await readVapiKnowledge(other.key), ["Moved."]), []);

  await resetRateLimits(tenant.orgId);
  equal((await saveWorkspace(tenant)).status, 200);
  await clearRequests("vapi", tenant.accounts.vapi.key);
  equal((await sync(moved)).status, 200);
  const after = await readVapiKnowledge(tenant.accounts.vapi.key);
  deepEqual(listFaults(after, ["Moved."]), []);
  deepEqual(after.files.map(({ id }) => id), before.files.map(({ id }) => id), "found again");
  deepEqual(after.tools.map(({ id }) => id), before.tools.map(({ id }) => id));
});

Deno.test("what was deleted at Vapi is noticed within a day, and made again", async () => {
  const tenant = await connectReader();
  const { key } = tenant.accounts.vapi;
  await addDocuments(tenant, [{ content: "One." }, { content: "Two." }]);
  equal((await sync(tenant)).status, 200);
  const { tools, files } = await readVapiKnowledge(key);
  await askVapi(tenant, "DELETE", `/tool/${tools[0]?.id}`);
  await askVapi(tenant, "DELETE", `/file/${files[0]?.id}`);
  await makeDue(tenant.orgId);
  await runWorker("sync_knowledge");
  equal((await readVapiKnowledge(key)).tools.length, 0, "not looked at yet");
  await queryDatabase(
    `update public.knowledge_syncs
     set finished_at = finished_at - interval '1 day', last_synced_at = last_synced_at - interval '1 day', due_at = now()
     where org_id = $1::text::uuid`,
    [tenant.orgId],
  );
  await runWorker("sync_knowledge");
  deepEqual(listFaults(await readVapiKnowledge(key), ["One.", "Two."]), []);
});

Deno.test("nobody syncs or sees another organization's knowledge base", async () => {
  const [tenant, other] = [await connectReader(), await connectReader()];
  await addDocuments(tenant, [{ content: "Ours." }]);
  const outsider = { token: other.owner.token, headers: { "x-org-id": tenant.orgId } };
  equal((await sync(tenant, {}, outsider)).status, 403);
  const [member, viewer, nobody] = await Promise.all([
    createMember(tenant.orgId, "member"),
    createMember(tenant.orgId, "viewer"),
    createPerson(),
  ]);
  equal((await sync(tenant, {}, { token: member.token })).status, 403);
  equal((await sync(tenant, {}, { token: nobody.token })).status, 403);
  const { callFunction } = await import("../../support/call_function.ts");
  const read = (token: string) =>
    callFunction("kb-sync/status", { token, headers: { "x-org-id": tenant.orgId } });
  equal((await read(member.token)).status, 200);
  equal((await read(viewer.token)).status, 403);
  equal((await read(other.owner.token)).status, 403);
  equal((await sync(other)).status, 200);
  deepEqual((await readVapiKnowledge(other.accounts.vapi.key)).files, []);
});

Deno.test("the budget of calls is kept: what doesn't fit goes on later, where its status is", async () => {
  const tenant = await connectReader();
  const contents = Array.from({ length: 12 }, (_, index) => `Slow ${index}.`);
  await addDocuments(tenant, contents.map((content) => ({ content })));
  try {
    await raiseBudget(10);
    // The budget is a minute's, and with the next one there are as many calls again.
    await waitUntil("a minute with time left", hasTimeLeft, 90_000);
    const running = sync(tenant);
    await waitUntil(
      "the uploads of this minute",
      async () => ((await countCalls(tenant))["POST /file"] ?? 0) >= 1,
    );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    ok(Object.values(await countCalls(tenant)).reduce((sum, count) => sum + count) <= 10);
    equal(at((await readStatus(tenant)).body, "sync.state"), "running");
    await raiseBudget();
    const answer = await running;
    ok(answer.status === 200 || answer.status === 202, answer.text);
    if (answer.status === 202) {
      ok(String(at(answer.body, "statusUrl")).endsWith("/kb-sync/status"));
      equal(answer.headers.get("location"), at(answer.body, "statusUrl"));
    }
    await waitUntil(
      "the end of the sync",
      async () => at((await readStatus(tenant)).body, "sync.state") === "synced",
      60_000,
    );
  } finally {
    await raiseBudget();
  }
  deepEqual(listFaults(await readVapiKnowledge(tenant.accounts.vapi.key), contents), []);
});
