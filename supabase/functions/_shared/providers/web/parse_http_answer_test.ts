import assert from "node:assert/strict";
import { cpuUsage } from "node:process";
import * as fc from "fast-check";
import { createAnswerParser } from "./parse_http_answer.ts";

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const parse = (text: string, ended = false) => {
  const answer = createAnswerParser()(bytes(text), ended);
  return answer && { status: answer.status, body: String.fromCharCode(...answer.body) };
};

const WHOLE: [what: string, text: string, body: string][] = [
  ["a length", "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabcdef", "abc"],
  ["no body", "HTTP/1.1 204\r\n\r\n", ""],
  [
    "chunks",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nabc\r\n0a\r\n0123456789\r\n0\r\n\r\n",
    "abc0123456789",
  ],
  [
    "an announcement",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na",
    "a",
  ],
];
for (const [what, text, body] of WHOLE) {
  Deno.test(`an answer with ${what} is whole once all of it is there`, () => {
    assert.equal(parse(text)?.body, body);
  });
}

Deno.test("a body without a length ends with the connection", () => {
  const text = "HTTP/1.0 200 OK\r\n\r\nabc";
  assert.equal(parse(text), null);
  assert.deepEqual(parse(text, true), { status: 200, body: "abc" });
});

const BROKEN = [
  "",
  "HTTP/1.1 200 OK\r\n",
  "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nabc",
  "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nab",
  "SSH-2.0\r\n\r\n",
  "HTTP/2 200\r\n\r\n",
  "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
  "HTTP/1.1 200 OK\r\nbad name: 1\r\n\r\n",
  "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
  "HTTP/1.1 200 OK\r\ncontent-length: 1, 2\r\n\r\nab",
  "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
];
for (const text of BROKEN) {
  Deno.test(`${JSON.stringify(text)} is no answer`, () => assert.throws(() => parse(text, true)));
}

Deno.test("however it arrives, an answer is found at its last byte and not before", () => {
  fc.assert(fc.property(fc.array(fc.string({ minLength: 1 })), (chunks) => {
    const parts = chunks.map((chunk) => bytes(chunk));
    const text = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" +
      parts.map((part) => `${part.length.toString(16)}\r\n${String.fromCharCode(...part)}\r\n`)
        .join("") +
      "0\r\n";
    const whole = bytes(text);
    const parse = createAnswerParser();
    for (let size = 0; size < whole.length; size++) {
      assert.equal(parse(whole.subarray(0, size), false), null);
      assert.equal(createAnswerParser()(whole.subarray(0, size), false), null);
    }
    const answer = parse(whole, false);
    assert.deepEqual(answer, createAnswerParser()(whole, false));
    assert.deepEqual([...answer!.body], parts.flatMap((part) => [...part]));
  }));
});

const head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
const SLOW: [what: string, text: (count: number) => string][] = [
  ["in chunks of a byte", (count) => head + "1\r\na\r\n".repeat(count)],
  ["in one chunk", (count) => `${head}${(count * 6).toString(16)}\r\n${"a".repeat(count * 6)}`],
  [
    "of a length",
    (count) => `HTTP/1.1 200 OK\r\ncontent-length: 9999999\r\n\r\n${"a".repeat(count * 6)}`,
  ],
];
for (const [what, make] of SLOW) {
  Deno.test(`an answer ${what} that arrives byte by byte takes time in proportion to it`, () => {
    const measure = (count: number) => {
      const whole = bytes(make(count));
      const rates = Array.from({ length: 3 }, () => {
        const parse = createAnswerParser();
        const began = cpuUsage();
        for (let size = 1; size <= whole.length; size++) parse(whole.subarray(0, size), false);
        const { user, system } = cpuUsage(began);
        return user + system;
      });
      return Math.min(...rates);
    };
    measure(100);
    const [little, much] = [measure(600), measure(600 * 16)];
    assert.ok(much < 16 * 6 * Math.max(little, 2_000), `${little} µs, then ${much} µs`);
  });
}

const ENDLESS = [head + "1;".padEnd(5_000, "x"), "HTTP/1.1 100 \r\n\r\n".repeat(5_000)];
for (const text of ENDLESS) {
  Deno.test(`${JSON.stringify(text.slice(0, 20))} without end is refused while it arrives`, () => {
    assert.throws(() => parse(text), /too long|malformed/);
  });
}
