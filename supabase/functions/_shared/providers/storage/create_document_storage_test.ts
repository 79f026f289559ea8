import { deepEqual, equal, rejects } from "node:assert/strict";
import { AppError } from "../../errors.ts";
import { createDocumentStorage } from "./create_document_storage.ts";

type Sent = { url: string; init: RequestInit };

function setUp(answer: () => Response | Promise<Response>, secretKey = "sb_secret_x") {
  const sent: Sent[] = [];
  const storage = createDocumentStorage(
    { supabaseUrl: "https://project.test/", secretKey },
    (url, init) => {
      sent.push({ url, init });
      return Promise.resolve().then(answer);
    },
  );
  return { sent, storage };
}
const hasCode = (code: string) => (error: unknown) =>
  error instanceof AppError && error.code === code;

Deno.test("a file is put, with every part of its path as it is", async () => {
  const { sent, storage } = setUp(() => new Response("{}"));
  await storage.upload("org/a b/1", new Uint8Array([1]), { contentType: "application/pdf" });
  equal(sent[0]?.url, "https://project.test/storage/v1/object/knowledge/org/a%20b/1");
  deepEqual(sent[0]?.init.headers, {
    apikey: "sb_secret_x",
    "content-type": "application/pdf",
    "x-upsert": "true",
  });
});

Deno.test("an older key is a token as well", async () => {
  const { sent, storage } = setUp(() => new Response("{}"), "ey.j.wt");
  await storage.remove(["org/a"]);
  equal(new Headers(sent[0]?.init.headers).get("authorization"), "Bearer ey.j.wt");
  equal(sent[0]?.init.body, '{"prefixes":["org/a"]}');
  await storage.remove([]);
  equal(sent.length, 1);
});

Deno.test("a file is fetched while it is not too large", async () => {
  const { storage } = setUp(() =>
    new Response("12345", { headers: { "content-type": "text/plain; charset=utf-8" } })
  );
  const { bytes, mime_type } = await storage.download("org/a.txt", { maxBytes: 5 });
  deepEqual([new TextDecoder().decode(bytes), mime_type], ["12345", "text/plain"]);
  await rejects(storage.download("org/a.txt", { maxBytes: 4 }), hasCode("payload_too_large"));
});

Deno.test("a file without end is given up", async () => {
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1;
      controller.enqueue(new Uint8Array(1_000));
    },
  });
  const { storage } = setUp(() => new Response(body));
  await rejects(storage.download("org/a", { maxBytes: 10_000 }), hasCode("payload_too_large"));
  equal(pulled < 15, true);
});

Deno.test("what isn't there is told from what failed", async (test) => {
  const notFound = Response.json({ statusCode: "404", error: "not_found" }, { status: 400 });
  const cases: [name: string, answer: () => Response | Promise<Response>, code: string][] = [
    ["404", () => new Response("", { status: 404 }), "not_found"],
    ["400 that says so", () => notFound, "not_found"],
    ["500", () => new Response("", { status: 500 }), "provider_failed"],
    ["no answer", () => Promise.reject(new TypeError("refused")), "provider_failed"],
  ];
  for (const [name, answer, code] of cases) {
    await test.step(name, async () => {
      const { storage } = setUp(answer);
      await rejects(storage.download("org/a", { maxBytes: 1 }), hasCode(code));
    });
  }
});
