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
  ].join("\n");
  assert.deepEqual(readBlocks(page), [
    { language: "sh", mark: "run", text: "one\n\ntwo\n", line: 3 },
    { language: "sql", mark: "run", text: "select 1;\n", line: 9 },
    { language: "sh", mark: "manual", text: "three\n", line: 15 },
  ]);
});

Deno.test("a misspelt mark is no mark", () => {
  assert.throws(() => readBlocks("```sh manuel\n```"), /line 1: "sh manuel" is no mark/);
});
