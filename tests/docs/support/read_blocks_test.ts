import assert from "node:assert/strict";
import { readBlocks } from "./read_blocks.ts";

Deno.test("a page's commands are read with what becomes of them", () => {
  const page = [
    "text",
    "```sh",
    "one",
    "",
    "two",
    "```",
    "1. first",
    "   ```sql",
    "   select 1;",
    "   ```",
    "```ts",
    "```sh manual",
    "```",
    "```sh manual",
    "three",
    "```",
    "```sh refused answered 401",
    "four",
    "```",
  ].join("\n");
  assert.deepEqual(readBlocks(page), [
    { language: "sh", mark: "run", says: "", text: "one\n\ntwo\n", line: 3 },
    { language: "sql", mark: "run", says: "", text: "select 1;\n", line: 9 },
    { language: "sh", mark: "manual", says: "", text: "three\n", line: 15 },
    { language: "sh", mark: "refused", says: "answered 401", text: "four\n", line: 18 },
  ]);
});

Deno.test("a misspelt mark is no mark", () => {
  for (const info of ["sh manuel", "sh refused", "sh manual at all"]) {
    const isRefused = new RegExp(`line 1: "${info}" is no mark`);
    assert.throws(() => readBlocks(`\`\`\`${info}\n\`\`\``), isRefused);
  }
});
