import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { findArchive, findPostgresClient } from "./find_postgres_client.ts";

const gzip = (text: string) => gzipSync(Buffer.from(text));
const around = (...parts: (string | Uint8Array)[]) =>
  new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part))));

Deno.test("an addon's archive is found among what only looks like one", () => {
  const looksSo = new Uint8Array([0x1f, 0x8b, 0x08, 0x00, 0xff, 0xff, 0xff]);
  const archive = `postgresql/bin/pg_dump ${crypto.randomUUID()}`;
  const addon = around("code", looksSo, gzip("of something else"), gzip(archive), "more code");
  assert.equal(Buffer.from(findArchive(addon) ?? []).toString(), archive);
  assert.equal(findArchive(around("code", looksSo, gzip("of something else"))), null);
});

const found = await findPostgresClient();

Deno.test({
  name: "the client programs that are found are new enough, wherever they are from",
  ignore: found === null,
  async fn() {
    const before = Deno.env.get("PATH") ?? "";
    const path = found ?? "";
    assert.ok(path.endsWith(before), "what was on the PATH still is");
    try {
      Deno.env.set("PATH", path);
      assert.equal(await findPostgresClient(), path);
      for (const program of ["pg_dump", "pg_restore", "psql"]) {
        const { stdout } = await new Deno.Command(program, { args: ["--version"] }).output();
        const [, major] = /(\d+)\.\d+/.exec(new TextDecoder().decode(stdout)) ?? [];
        assert.ok(Number(major) >= 17, `${program} is of ${major}`);
      }
    } finally {
      Deno.env.set("PATH", before);
    }
  },
});
