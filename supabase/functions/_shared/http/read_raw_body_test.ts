import assert from "node:assert/strict";
import { AppError } from "../errors.ts";
import { readRawBody } from "./read_raw_body.ts";

Deno.test("the bytes are the ones that were sent", async () => {
  const chunks = [[0, 255, 10], [], [13, 0]].map((bytes) => new Uint8Array(bytes));
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const request = new Request("http://x.test", { method: "POST", body });
  assert.deepEqual(
    await readRawBody(request, { maxBytes: 5 }),
    new Uint8Array([0, 255, 10, 13, 0]),
  );
});

Deno.test("no body is no bytes", async () => {
  const request = new Request("http://x.test", { method: "POST" });
  assert.equal((await readRawBody(request, { maxBytes: 0 })).byteLength, 0);
});

Deno.test("one byte too many is refused", async () => {
  const request = new Request("http://x.test", { method: "POST", body: "123456" });
  await assert.rejects(readRawBody(request, { maxBytes: 5 }), (error) => {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, "payload_too_large");
    assert.match(error.message, /larger than 5 bytes/);
    return true;
  });
});
