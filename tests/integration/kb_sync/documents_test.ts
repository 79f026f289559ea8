import assert from "node:assert/strict";
import { buildNestedPdf, buildPdf } from "../../support/documents/build_pdf.ts";
import { buildDocx } from "../../support/documents/build_zip.ts";
import { callFunction } from "../../support/call_function.ts";
import { createTenant } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import { runWorker } from "../calls/support.ts";
import { waitUntil } from "../support/workspace.ts";
import {
  createDocument,
  type Document,
  type DocumentAnswer,
  search,
  uploadFile,
} from "./support.ts";

async function readDocument(token: string, id: string): Promise<Document & { content: string }> {
  const { body } = await callFunction<{ document: Document & { content: string } }>(
    `kb-sync/documents/${id}`,
    { token },
  );
  return body.document;
}

async function prepareUntilReady(token: string, id: string): Promise<Document> {
  for (let run = 0; run < 30; run++) {
    const document = await readDocument(token, id);
    if (document.preparing === null) return document;
    await runWorker("prepare_knowledge");
  }
  throw new Error(`Document "${id}" was never ready`);
}

/** More than a request reads. */
function listPages(count: number) {
  return Array.from({ length: count }, (_, page) => [{
    text: `Page ${page + 1} speaks of turbines and of their maintenance`,
  }]);
}

Deno.test("a document: created it is found, changed the old text never again, deleted it is gone", async () => {
  const { owner: { token } } = await createTenant();
  const created = await createDocument(token, {
    title: "Opening hours",
    category: "operations",
    text: "# Hours\n\nWe open at nine on weekdays.\n",
  });
  assert.equal(created.status, 201, created.text);
  const { id, revision } = created.body.document;
  assert.deepEqual(await search(token, "When do you open on a weekday?"), ["Opening hours"]);

  const again = await createDocument(token, {
    title: "Copy",
    text: "# Hours\n\nWe open at nine on weekdays.\n",
  });
  assert.deepEqual([again.status, again.body.document.id], [200, id]);

  const changed = await callFunction<DocumentAnswer>(`kb-sync/documents/${id}`, {
    token,
    method: "PATCH",
    headers: { "if-match": `"${revision}"` },
    body: { text: "# Hours\n\nWe open at ten on holidays.\n" },
  });
  assert.deepEqual([changed.status, changed.body.document.version], [200, 2], changed.text);
  assert.deepEqual(await search(token, "holidays"), ["Opening hours"]);
  assert.deepEqual(await search(token, "weekdays"), []);

  const deleted = await callFunction(`kb-sync/documents/${id}`, { token, method: "DELETE" });
  assert.equal(deleted.status, 200, deleted.text);
  assert.deepEqual(await search(token, "holidays"), []);
  assert.equal((await callFunction(`kb-sync/documents/${id}`, { token })).status, 404);
  const history = await callFunction<{ changes: { action: string; actorEmail: string }[] }>(
    `kb-sync/documents/${id}/history`,
    { token },
  );
  assert.deepEqual(history.body.changes.map(({ action }) => action), [
    "deleted",
    "updated",
    "created",
  ]);
});

Deno.test("a long file is read by the worker, page by page, while the old text is found", async () => {
  const { orgId, owner: { token } } = await createTenant();
  const created = await createDocument(token, {
    title: "Manual",
    text: "Everything about boilers.",
  });
  const { id } = created.body.document;
  const pages = listPages(1_200);
  const uploaded = await uploadFile(token, {
    name: "manual.pdf",
    bytes: buildPdf(pages),
    fields: { title: "Turbine manual" },
    id,
  });
  assert.equal(uploaded.status, 202, JSON.stringify(uploaded.body));
  assert.deepEqual(await search(token, "boilers"), ["Manual"]);
  assert.deepEqual(await search(token, "turbines"), []);
  const ready = await prepareUntilReady(token, id);
  assert.deepEqual([ready.state, ready.version, ready.title], ["indexed", 2, "Turbine manual"]);
  assert.deepEqual(await search(token, "boilers"), []);
  assert.ok((await search(token, "maintenance of turbines")).includes("Turbine manual"));
  const { content } = await readDocument(token, id);
  for (const page of [1, 600, 1_200]) {
    assert.ok(content.includes(`Page ${page} speaks `), `page ${page}`);
  }
  const jobs = await queryDatabase(
    "select 1 from public.background_jobs where org_id = $1::text::uuid and state = 'dead_lettered'",
    [orgId],
  );
  assert.deepEqual(jobs, []);
});

Deno.test("workers at the same time, and one that died, read each page once", async () => {
  const { orgId, owner: { token } } = await createTenant();
  const { status, body: { document: { id } } } = await uploadFile(token, {
    name: "manual.pdf",
    bytes: buildPdf(listPages(1_200)),
  });
  assert.equal(status, 202);
  // As if the process that had claimed it was gone: its job is held until its lease runs out.
  await queryDatabase(
    `update public.background_jobs set state = 'claimed', claimed_at = now(), attempts = 1,
       fencing_token = 1, available_at = now() - interval '1 second'
     where org_id = $1::text::uuid and kind = 'prepare_knowledge'`,
    [orgId],
  );
  // Their heartbeats share a row, so the version tells when they are done.
  const body = { kind: "prepare_knowledge" };
  const isDone = async () => {
    await Promise.all(
      [1, 2, 3].map(() => callFunction("worker/run", { apiKey: readStack().secret_key, body })),
    );
    const [version] = await queryDatabase<{ state: string }>(
      "select state from public.knowledge_base_versions where document_id = $1::text::uuid",
      [id],
    );
    return version?.state !== "queued";
  };
  await waitUntil("the version indexed", isDone, 60_000);
  const { state, content } = await readDocument(token, id);
  assert.equal(state, "indexed");
  const read = [...content.matchAll(/Page (\d+) speaks/g)].map(([, page]) => Number(page));
  assert.deepEqual(read, Array.from({ length: 1_200 }, (_, page) => page + 1));
});

Deno.test("a file that was put into Storage becomes a document, another organization's never", async () => {
  const [tenant, other] = await Promise.all([createTenant(), createTenant()]);
  const path = `${tenant.orgId}/menu.md`;
  const { url, secret_key } = readStack();
  const stored = await fetch(`${url}/storage/v1/object/knowledge/${path}`, {
    method: "POST",
    headers: { apikey: secret_key, "content-type": "text/markdown" },
    body: "# Menu\n\nBanana pancakes",
  });
  await stored.body?.cancel();
  assert.equal(stored.status, 200);
  const refused = await createDocument(other.owner.token, { storage_path: path });
  assert.equal(refused.status, 403, refused.text);
  const created = await createDocument(tenant.owner.token, { storage_path: path });
  assert.deepEqual([created.status, created.body.document.title], [201, "menu"], created.text);
  assert.deepEqual(await search(tenant.owner.token, "pancakes"), ["menu"]);
  const missing = await createDocument(tenant.owner.token, {
    storage_path: `${tenant.orgId}/none.md`,
  });
  assert.equal(missing.status, 404, missing.text);
});

Deno.test("what can't be read is refused at once, and says why", async (test) => {
  const { owner: { token } } = await createTenant();
  const cases: [string, Uint8Array | string, number][] = [
    ["broken.pdf", "%PDF-1.7\nnothing of it is one", 422],
    ["binary.txt", crypto.getRandomValues(new Uint8Array(4_000)), 422],
    ["latin.txt", new Uint8Array([0x63, 0x61, 0x66, 0xe9, 0xff, 0xfe, 0x80]), 422],
    ["empty.md", "", 422],
    ["page.exe", "MZ\0\0\0", 422],
    ["long.txt", "word ".repeat(60_001), 422],
    ["bomb.docx", buildDocx(`<w:p><w:r><w:t>${"a".repeat(100_000_000)}</w:t></w:r></w:p>`), 422],
    ["bomb.pdf", buildNestedPdf(7), 422],
  ];
  for (const [name, bytes, status] of cases) {
    await test.step(name, async () => {
      const answer = await uploadFile(token, { name, bytes });
      assert.equal(answer.status, status, JSON.stringify(answer.body));
      assert.match(answer.body.detail, /^Cannot \w+ "/);
    });
  }
  await test.step("50 MB", async () => {
    const bytes = new Uint8Array(50 * 1024 * 1024);
    const answer = await uploadFile(token, { name: "huge.txt", bytes });
    assert.deepEqual([answer.status, answer.body.code], [413, "payload_too_large"]);
  });
  await test.step("nothing of it was kept", async () => {
    const list = await callFunction<{ documents: unknown[] }>("kb-sync/documents", { token });
    assert.deepEqual(list.body.documents, []);
  });
});

Deno.test("a Word document is found by what it says", async () => {
  const { owner: { token } } = await createTenant();
  const bytes = buildDocx("<w:p><w:r><w:t>The ferry leaves at dawn.</w:t></w:r></w:p>");
  const { status, body } = await uploadFile(token, { name: "Ferries.docx", bytes });
  assert.equal(status, 201, JSON.stringify(body));
  assert.deepEqual(await search(token, "ferry dawn"), ["Ferries"]);
});

Deno.test("ten at once with the same text make one document", async () => {
  const { owner: { token } } = await createTenant();
  const answers = await Promise.all(
    Array.from(
      { length: 10 },
      () => createDocument(token, { title: "Same", text: "The very same." }),
    ),
  );
  assert.equal(new Set(answers.map(({ body }) => body.document.id)).size, 1);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [...Array(9).fill(200), 201]);
});

Deno.test("what nobody reads any more goes from Storage", async () => {
  const { owner: { token } } = await createTenant();
  const bytes = buildPdf(listPages(1_200));
  const { status, body: { document } } = await uploadFile(token, { name: "a.pdf", bytes });
  assert.equal(status, 202);
  await prepareUntilReady(token, document.id);
  await callFunction(`kb-sync/documents/${document.id}`, { token, method: "DELETE" });
  await runWorker("clean_knowledge");
  const [version] = await queryDatabase<{ storage_path: string | null }>(
    "select storage_path from public.knowledge_base_versions where document_id = $1::text::uuid",
    [document.id],
  );
  assert.deepEqual(version, { storage_path: null });
  const [left] = await queryDatabase<{ count: number }>(
    "select count(*)::int as count from storage.objects where name like '%' || $1 || '%'",
    [document.id],
  );
  assert.deepEqual(left, { count: 0 });
});

Deno.test("a public page becomes a document; an address that isn't public is refused", async (test) => {
  const { owner: { token } } = await createTenant();
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { pathname, port } = new URL(request.url);
    switch (pathname) {
      case "/about":
        return new Response(
          "<html><head><title>About us</title></head><body><h1>About</h1><p>Founded by gardeners.</p>",
          { headers: { "content-type": "text/html" } },
        );
      case "/away":
        return Response.redirect(`http://localhost:${port}/about`, 302);
      default:
        return new Response("no", { status: 404 });
    }
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const created = await createDocument(token, { url: `${origin}/about` });
  assert.equal(created.status, 201, created.text);
  assert.equal((await search(token, "gardeners")).length, 1);
  const refused: [name: string, url: string][] = [
    ["not https", "http://example.com/"],
    ["the metadata service", "https://169.254.169.254/latest/meta-data"],
    ["loopback by name", "https://localhost/"],
    ["a private range", "https://10.0.0.1/"],
    ["a redirect to it", `${origin}/away`],
    ["no address", "clinic"],
  ];
  for (const [name, url] of refused) {
    await test.step(name, async () => {
      const answer = await createDocument(token, { url });
      assert.equal(answer.status, 400, answer.text);
    });
  }
});

Deno.test("the same long file many times at once is one document", async () => {
  const { orgId } = await createTenant();
  const version = {
    ...{ source: "file", file_name: "long.pdf", source_hash: crypto.randomUUID() },
    ...{ next_page: 2, page_count: 90, read: "First page." },
  };
  const create = () =>
    queryDatabase<{ answer: { code: string; document: { id: string } } }>(
      // None ends before all have begun.
      "select public.create_knowledge_document($1::text::jsonb) as answer, pg_sleep(1)",
      [JSON.stringify({
        ...{ org_id: orgId, request_id: "r", id: crypto.randomUUID() },
        ...{ title: "Long", category: "general", version },
      })],
    );
  const answers = (await Promise.all([create(), create(), create()]))
    .flatMap((rows) => rows.map(({ answer }) => answer));
  assert.equal(answers.filter(({ code }) => code === "created").length, 1);
  assert.equal(new Set(answers.map(({ document }) => document.id)).size, 1);
});
