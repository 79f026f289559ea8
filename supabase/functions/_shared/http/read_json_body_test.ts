import assert from "node:assert/strict";
import { AppError, type ErrorCode } from "../errors.ts";
import { readJsonBody } from "./read_json_body.ts";

type Body = BodyInit | null;

function request(body: Body, headers: Record<string, string> = {}): Request {
  return new Request("http://x.test", {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  });
}

/** A body that tells how much of it was asked for. */
function stream(chunk: Uint8Array, chunks: number) {
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent === chunks) return controller.close();
      sent += 1;
      controller.enqueue(chunk);
    },
  }, { highWaterMark: 0 });
  return { body, sent: () => sent };
}

async function codeOf(given: Request, maxBytes = 100): Promise<ErrorCode | "read"> {
  try {
    await readJsonBody(given, { maxBytes });
    return "read";
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    return error.code;
  }
}

Deno.test("JSON is read whatever its content-type's spelling", async (test) => {
  const types = [
    "application/json",
    "Application/JSON",
    "application/json; charset=utf-8",
    "application/merge-patch+json",
  ];
  for (const type of types) {
    await test.step(type, async () => {
      const body = await readJsonBody(request(`{"a":[1,"é"]}`, { "content-type": type }));
      assert.deepEqual(body, { a: [1, "é"] });
    });
  }
});

Deno.test("what can't be read is refused by name", async (test) => {
  const cases: [string, Request, ErrorCode][] = [
    [
      "a form",
      request("a=1", { "content-type": "application/x-www-form-urlencoded" }),
      "unsupported_media_type",
    ],
    ["a text", request("{}", { "content-type": "text/plain" }), "unsupported_media_type"],
    [
      "another JSON",
      request("{}", { "content-type": "application/jsonx" }),
      "unsupported_media_type",
    ],
    [
      "no type",
      new Request("http://x.test", { method: "POST", body: new Uint8Array([123, 125]) }),
      "unsupported_media_type",
    ],
    ["nothing", request(null), "invalid_input"],
    ["an empty text", request(""), "invalid_input"],
    ["half an object", request(`{"a":`), "invalid_input"],
    ["two values", request("{}{}"), "invalid_input"],
    ["not UTF-8", request(new Uint8Array([0x22, 0xff, 0xfe, 0x22])), "invalid_input"],
    ["half a character", request(new Uint8Array([0x22, 0xc3, 0x22])), "invalid_input"],
    ["too large", request(JSON.stringify("x".repeat(99))), "payload_too_large"],
    ["announced too large", request("{}", { "content-length": "101" }), "payload_too_large"],
  ];
  for (const [name, given, code] of cases) {
    await test.step(name, async () => assert.equal(await codeOf(given), code));
  }
  await test.step("exactly as large as allowed", async () => {
    assert.equal(await codeOf(request(JSON.stringify("x".repeat(98)))), "read");
  });
});

Deno.test("a body without a length is given up as soon as it is too large", async () => {
  const { body, sent } = stream(new Uint8Array(40).fill(0x20), 1_000);
  assert.equal(await codeOf(request(body)), "payload_too_large");
  assert.equal(sent(), 3);
});

Deno.test("a length that lies doesn't let more through", async () => {
  const { body } = stream(new Uint8Array(40).fill(0x20), 10);
  assert.equal(await codeOf(request(body, { "content-length": "10" })), "payload_too_large");
});

Deno.test("no refusal quotes the body", async () => {
  for (const text of [`{"api_key": hunter2}`, `hunter2`]) {
    await assert.rejects(readJsonBody(request(text)), (error) => {
      assert.ok(error instanceof AppError);
      assert.ok(!`${error.message} ${error.cause}`.includes("hunter"));
      return true;
    });
  }
});
