import assert from "node:assert/strict";
import { findDelimiter } from "./find_delimiter.ts";

const CASES: [kind: string, text: string, delimiter: string | null][] = [
  ["CSV", "a,b\n1,2\n3,4\n", ","],
  ["CSV with quoted commas and line breaks", 'a,b\n"1, one",2\n"x\ny",4', ","],
  ["CSV with semicolons", "a;b\n1;2", ";"],
  ["CSV with semicolons and decimal commas", "a;b\n1,5;2,5\n1,5;2,5\n", ";"],
  ["TSV", "a\tb\n1\t\n", "\t"],
  ["empty lines between records", "a,b\n\n1,2\n\n3,4", ","],
  ["prose with a comma in each of two lines", "Hello, you.\nBye, then.", null],
  ["prose", "Hello, you.\nWe are open.\nBye, now, then.", null],
  ["one record", "a\tb", null],
  ["nothing", "", null],
  ["a record with one value more", "a,b\n1,2,3\n4,5\n", null],
];
for (const [kind, text, delimiter] of CASES) {
  Deno.test(`the delimiter of ${kind} is ${JSON.stringify(delimiter)}`, () => {
    assert.equal(findDelimiter(text), delimiter);
  });
}
