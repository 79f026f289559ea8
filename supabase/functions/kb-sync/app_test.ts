import assert from "node:assert/strict";
import { createKnowledge } from "../../../tests/in_memory/create_knowledge.ts";
import { createTestSurroundings, send, USERS } from "../../../tests/in_memory/create_test_app.ts";
import { at } from "../../../tests/in_memory/read_answer.ts";
import { AppError } from "../_shared/errors.ts";
import { createKbSync } from "./app.ts";

const pause = () => new Promise((resolve) => setTimeout(resolve, 2_000));

function setUp({ reading = () => Promise.resolve() }: { reading?: () => Promise<void> } = {}) {
  const { options, ports, verifyUser } = createTestSurroundings();
  const knowledge = createKnowledge();
  const app = createKbSync({
    ...options,
    verifyUser,
    ports: {
      ...knowledge,
      extractor: {
        extractPages: async (...given) => {
          await reading();
          return await knowledge.extractor.extractPages(...given);
        },
      },
      requests: ports.requests,
      pages: {
        fetchPage: (url) =>
          url.startsWith("https://clinic.test")
            ? Promise.resolve({
              url,
              bytes: new TextEncoder().encode("Page"),
              file_name: "page.html",
              mime_type: "text/html",
            })
            : Promise.reject(new AppError("invalid_input", `Cannot fetch "${url}"`)),
      },
      embeds: false,
      embedders: [],
      createId: () => crypto.randomUUID(),
    },
    sync: { ports, waitUntil: () => {}, functionsUrl: "https://switchboard.test/functions/v1" },
  });
  const upload = (
    content: BlobPart,
    fields: Record<string, string> = {},
    path = "POST /documents",
  ) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set("file", new File([content], "hours.txt", { type: "text/plain" }));
    const [method = "", route] = path.split(" ");
    return app.fetch(
      new Request(`http://localhost/kb-sync${route}`, {
        method,
        body: form,
        headers: { authorization: `Bearer ${USERS.owner}` },
      }),
    );
  };
  return { app, knowledge, upload };
}

const TEXT = { title: "Hours", text: "We open at nine." };

Deno.test("a text becomes a document that is searchable at once", async () => {
  const { app } = setUp();
  const created = await send(app, "POST /kb-sync/documents", { body: TEXT });
  assert.equal(created.status, 201);
  assert.equal(at(created.body, "document.state"), "indexed");
  const id = String(at(created.body, "document.id"));
  const read = await send(app, `GET /kb-sync/documents/${id}`, { as: USERS.member });
  assert.equal(at(read.body, "document.content"), TEXT.text);
  const found = await send(app, "POST /kb-sync/search", {
    as: USERS.member,
    body: { query: "nine" },
  });
  assert.equal(at(found.body, "mode"), "text");
  assert.equal(at(found.body, "results.0.citation"), "Hours › Part");
  const again = await send(app, "POST /kb-sync/documents", { body: { ...TEXT, title: "Other" } });
  assert.deepEqual([again.status, at(again.body, "duplicate")], [200, true]);
});

Deno.test("a document is changed against the revision that was seen, and deleted", async () => {
  const { app } = setUp();
  const created = await send(app, "POST /kb-sync/documents", { body: TEXT });
  const route = `/kb-sync/documents/${at(created.body, "document.id")}`;
  const changed = await send(app, `PATCH ${route}`, {
    body: { text: "We open at ten.", active: false },
    headers: { "if-match": '"1"' },
  });
  assert.deepEqual([changed.status, at(changed.body, "document.version")], [200, 2]);
  const late = await send(app, `PATCH ${route}`, {
    body: { title: "x" },
    headers: { "if-match": "1" },
  });
  assert.deepEqual([late.status, at(late.body, "revision")], [412, 2]);
  const other = await send(app, "POST /kb-sync/documents", { body: { ...TEXT, title: "Other" } });
  const same = await send(app, `PATCH ${route}`, { body: { text: TEXT.text } });
  assert.deepEqual([same.status, at(same.body, "documentId")], [
    409,
    at(other.body, "document.id"),
  ]);
  assert.equal((await send(app, `DELETE ${route}`)).status, 200);
  assert.equal((await send(app, `GET ${route}`)).status, 404);
  assert.equal((await send(app, `DELETE ${route}`)).status, 404);
  assert.equal((await send(app, `GET ${route}/history`)).status, 200);
});

Deno.test("a short file is ready in the request, a long one is uploaded for the worker", async () => {
  const { knowledge, upload } = setUp();
  const short = await upload("One\fTwo", { category: "operations", active: "false" });
  const { document } = await short.json();
  assert.deepEqual([short.status, document.title, document.active], [201, "hours", false]);
  const long = await upload("1\f2\f3\f4", { title: "Book" });
  assert.equal(long.status, 202);
  const { document: book } = await long.json();
  assert.deepEqual(book.preparing, { version: 1, pagesRead: 2, pageCount: 4 });
  assert.equal(new TextDecoder().decode([...knowledge.files.values()][0]), "1\f2\f3\f4");
  const broken = await upload("broken");
  assert.deepEqual([broken.status, (await broken.json()).code], [422, "unreadable"]);
  assert.equal((await upload("")).status, 422);
});

Deno.test("a body without end is refused while it arrives", async () => {
  const { app } = setUp();
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1;
      controller.enqueue(new Uint8Array(1024 * 1024));
    },
  });
  const response = await app.fetch(
    new Request("http://localhost/kb-sync/documents", {
      method: "POST",
      body,
      headers: {
        authorization: `Bearer ${USERS.owner}`,
        "content-type": "multipart/form-data; boundary=x",
      },
    }),
  );
  assert.equal(response.status, 413);
  assert.ok(sent < 70, `${sent} MB were read`);
});

Deno.test("whoever may not upload is refused before the upload is read", async () => {
  const { app } = setUp();
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1;
      controller.enqueue(new Uint8Array(1024 * 1024));
    },
  }, { highWaterMark: 0 });
  const headers = {
    authorization: `Bearer ${USERS.member}`,
    "content-type": "multipart/form-data; boundary=x",
  };
  const response = await app.fetch(
    new Request("http://localhost/kb-sync/documents", { method: "POST", body, headers }),
  );
  assert.deepEqual([response.status, sent], [403, 0]);
});

Deno.test("an upload keeps its place until its text is read", async () => {
  const waiting = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  let readers = 0;
  const { upload } = setUp({
    reading: () => {
      if (++readers === 3) entered.resolve();
      return waiting.promise;
    },
  });
  const held = Array.from({ length: 3 }, async (_, index) => await upload(`${index}`));
  // Their bodies have been taken in, and are as large as may be for all that is known.
  await entered.promise;
  const late = (async () => await upload("late"))();
  const first = await Promise.race([late, pause().then(() => null)]);
  waiting.resolve();
  assert.equal(first?.status, 503);
  for (const { status } of await Promise.all(held)) assert.equal(status, 201);
  assert.equal((await upload("at last")).status, 201);
});

Deno.test("what is given wrongly is named", async (test) => {
  const { app } = setUp();
  const cases: [name: string, body: unknown, status: number, field: string][] = [
    ["no content", { title: "x" }, 400, "text"],
    ["no title", { text: "x" }, 400, "title"],
    ["two contents", { title: "x", text: "x", url: "https://clinic.test" }, 400, "text"],
    ["an unknown field", { ...TEXT, org_id: "x" }, 400, "org_id"],
    ["an unknown category", { ...TEXT, category: "secrets" }, 400, "category"],
    ["no language tag", { ...TEXT, language: "English" }, 400, "language"],
    [
      "another's file",
      { storage_path: "22222222-2222-4222-8222-222222222222/a.pdf" },
      403,
      "storage_path",
    ],
    [
      "a way out",
      { storage_path: "11111111-1111-4111-8111-111111111111/../x/a.pdf" },
      403,
      "storage_path",
    ],
  ];
  for (const [name, body, status, field] of cases) {
    await test.step(name, async () => {
      const answer = await send(app, "POST /kb-sync/documents", { body });
      assert.equal(answer.status, status);
      assert.equal(at(answer.body, "errors.0.field"), field);
    });
  }
  const sizes: [string, string, number][] = [
    ["an empty text", " \n", 422],
    ["a text as large as may be", "é".repeat(150_000), 201],
    ["a larger one", "é".repeat(150_001), 422],
  ];
  for (const [name, text, status] of sizes) {
    await test.step(name, async () => {
      const answer = await send(app, "POST /kb-sync/documents", { body: { title: name, text } });
      assert.equal(answer.status, status);
    });
  }
});

Deno.test("a page and an uploaded file become documents", async () => {
  const { app, knowledge } = setUp();
  const page = await send(app, "POST /kb-sync/documents", {
    body: { url: "https://clinic.test/a" },
  });
  assert.deepEqual([page.status, at(page.body, "document.sourceAddress")], [
    201,
    "https://clinic.test/a",
  ]);
  const refused = await send(app, "POST /kb-sync/documents", { body: { url: "https://10.0.0.1" } });
  assert.equal(refused.status, 400);
  const path = "11111111-1111-4111-8111-111111111111/menu.txt";
  assert.equal(
    (await send(app, "POST /kb-sync/documents", { body: { storage_path: path } })).status,
    404,
  );
  knowledge.files.set(path, new TextEncoder().encode("Menu"));
  const menu = await send(app, "POST /kb-sync/documents", { body: { storage_path: path } });
  assert.deepEqual([menu.status, at(menu.body, "document.title")], [201, "menu"]);
});

Deno.test("members read, owners and admins write, others see nothing", async (test) => {
  const { app } = setUp();
  const created = await send(app, "POST /kb-sync/documents", { body: TEXT });
  const route = `/kb-sync/documents/${at(created.body, "document.id")}`;
  const reads = ["GET /kb-sync/documents", `GET ${route}`, `GET ${route}/history`];
  const writes = ["POST /kb-sync/documents", `PATCH ${route}`, `DELETE ${route}`];
  const body = { title: "Changed", text: "Changed" };
  for (const request of reads) {
    await test.step(request, async () => {
      assert.equal((await send(app, request, { as: USERS.member })).status, 200);
      assert.equal((await send(app, request, { as: USERS.viewer })).status, 403);
      assert.equal((await send(app, request, { as: USERS.outsider })).status, 403);
      assert.equal((await send(app, request, { as: null })).status, 401);
      const other = await send(app, request, { as: USERS.marketOwner });
      if (other.status === 200) assert.deepEqual(at(other.body, "documents"), []);
      else assert.equal(other.status, 404);
    });
  }
  for (const request of writes) {
    await test.step(request, async () => {
      const sent = request.startsWith("DELETE") ? {} : { body };
      assert.equal((await send(app, request, { ...sent, as: USERS.member })).status, 403);
      if (!request.startsWith("POST")) {
        assert.equal((await send(app, request, { ...sent, as: USERS.marketOwner })).status, 404);
      }
    });
  }
  const found = await send(app, "POST /kb-sync/search", {
    as: USERS.marketOwner,
    body: { query: "nine" },
  });
  assert.deepEqual(at(found.body, "results"), []);
});

Deno.test("a list goes on where its cursor says, and refuses another", async () => {
  const { app } = setUp();
  for (const text of ["a", "b"]) {
    await send(app, "POST /kb-sync/documents", { body: { title: text, text } });
  }
  const page = await send(app, "GET /kb-sync/documents?limit=1");
  const cursor = String(at(page.body, "nextCursor"));
  assert.equal(
    (await send(app, `GET /kb-sync/documents?cursor=${encodeURIComponent(cursor)}`)).status,
    200,
  );
  assert.equal((await send(app, "GET /kb-sync/documents?cursor=abc")).status, 400);
  assert.equal((await send(app, "GET /kb-sync/documents/abc")).status, 404);
});

Deno.test("GET /health says how the function is", async () => {
  const { app } = setUp();
  const { status, body } = await send(app, "GET /kb-sync/health", { as: null });
  assert.deepEqual([status, at(body, "status"), at(body, "service")], [200, "healthy", "kb-sync"]);
});
