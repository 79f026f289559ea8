import assert from "node:assert/strict";
import { eachLine, openLog } from "./write_log.ts";

Deno.test("lines survive being cut anywhere, even inside a character", async () => {
  const bytes = new TextEncoder().encode("één\ntwo\nlast");
  const lines: string[] = [];
  const stream = ReadableStream.from(Array.from(bytes, (byte) => Uint8Array.of(byte)));
  await eachLine(stream, (line) => lines.push(line));
  assert.deepEqual(lines, ["één", "two", "last"]);
});

Deno.test("names the line that says what went wrong", async () => {
  const folder = await Deno.makeTempDir();
  const log = openLog(folder, "trial", { echo: false });
  ["starting", "error: no key", "    at main.ts:1"].forEach((line) => log.write(line));
  assert.equal(log.reason(), "error: no key");
  log.close();
  assert.match(await Deno.readTextFile(log.path), /^starting\nerror: no key\n/);
  await Deno.remove(folder, { recursive: true });
});
