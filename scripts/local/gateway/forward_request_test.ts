import assert from "node:assert/strict";
import { forwardRequest } from "./forward_request.ts";

type Upstream = { url: string; stop(): Promise<void> };

function serve(handler: (request: Request) => Response | Promise<Response>): Upstream {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
  return { url: `http://127.0.0.1:${server.addr.port}`, stop: () => server.shutdown() };
}

const forward = (request: Request, url: string) =>
  forwardRequest(request, { url, name: "ops", remoteAddress: "10.0.0.9" });

async function withUpstream(
  handler: (request: Request) => Response | Promise<Response>,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const upstream = serve(handler);
  try {
    await use(upstream.url);
  } finally {
    await upstream.stop();
  }
}

const BYTES = Uint8Array.from({ length: 256 }, (_, index) => index);

Deno.test("keeps method, query, headers and raw bytes, and says how long the body is", () =>
  withUpstream(async (request) => {
    return Response.json({
      method: request.method,
      search: new URL(request.url).search,
      header: request.headers.get("x-hub-signature-256"),
      length: request.headers.get("content-length"),
      forwarded: request.headers.get("x-forwarded-for"),
      host: request.headers.get("x-forwarded-host"),
      bytes: [...await request.bytes()],
    }, { status: 418, headers: { "x-answer": "kept" } });
  }, async (url) => {
    const response = await forward(
      new Request("http://gateway.test/functions/v1/ops/x?a=1%202", {
        method: "PUT",
        body: BYTES,
        headers: {
          "content-length": "256",
          "x-hub-signature-256": "sha256=ab",
          "x-forwarded-for": "1.2.3.4",
          host: "gateway.test",
        },
      }),
      `${url}/ops/x?a=1%202`,
    );
    assert.equal(response.status, 418);
    assert.equal(response.headers.get("x-answer"), "kept");
    assert.deepEqual(await response.json(), {
      method: "PUT",
      search: "?a=1%202",
      header: "sha256=ab",
      length: "256",
      forwarded: "1.2.3.4, 10.0.0.9",
      host: "gateway.test",
      bytes: [...BYTES],
    });
  }));

Deno.test("passes an answer on while it is still being written", () => {
  const rest = Promise.withResolvers<void>();
  return withUpstream(() => {
    const encoder = new TextEncoder();
    return new Response(
      new ReadableStream({
        async start(controller) {
          controller.enqueue(encoder.encode("first"));
          await rest.promise;
          controller.enqueue(encoder.encode("second"));
          controller.close();
        },
      }),
    );
  }, async (url) => {
    const response = await forward(new Request("http://gateway.test/"), url);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    assert.equal((await reader.read()).value, "first");
    rest.resolve();
    assert.equal((await reader.read()).value, "second");
    assert.equal((await reader.read()).done, true);
  });
});

Deno.test("passes a redirect on instead of following it", () =>
  withUpstream(() => Response.redirect("http://elsewhere.test/", 303), async (url) => {
    const response = await forward(new Request("http://gateway.test/"), url);
    assert.equal(response.status, 303);
    assert.equal(response.headers.get("location"), "http://elsewhere.test/");
    await response.body?.cancel();
  }));

Deno.test("answers 503 with a problem when nothing listens", async () => {
  const upstream = serve(() => new Response());
  await upstream.stop();
  const response = await forward(new Request("http://gateway.test/"), upstream.url);
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("retry-after"), "1");
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.match((await response.json() as { detail: string }).detail, /"ops": it is not running/);
});

Deno.test("answers 502 with a problem when the connection breaks", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const breaking = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(1_024));
      connection.close();
    }
  })();
  const request = new Request("http://gateway.test/", { method: "POST", body: "x" });
  const response = await forward(request, `http://127.0.0.1:${port}/`);
  assert.equal(response.status, 502);
  assert.match((await response.json() as { detail: string }).detail, /connection broke/);
  listener.close();
  await breaking;
});
