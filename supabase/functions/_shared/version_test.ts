import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { SCHEMA_VERSION } from "./version.ts";

Deno.test("the code needs the newest migration beside it", async () => {
  const files = await readdir(new URL("../../migrations/", import.meta.url));
  const newest = files.map((file) => file.split("_")[0]!).sort().at(-1);
  assert.equal(SCHEMA_VERSION, newest);
});
