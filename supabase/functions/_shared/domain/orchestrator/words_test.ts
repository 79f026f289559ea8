import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { TURN_WORDS } from "./words.ts";

const MIGRATION = new URL(
  "../../../../migrations/20261121150000_supervise_agents.sql",
  import.meta.url,
);

/** What the database says under a key, by language. */
function readTexts(key: string): { [language: string]: string } {
  const sql = readFileSync(MIGRATION, "utf8");
  const rows = [...sql.matchAll(/\('([\w.]+)', '(\w+)', '((?:[^']|'')+)'\)/g)];
  return Object.fromEntries(
    rows.filter(([, name]) => name === key).map(([, , language, text]) => [
      language,
      text!.replaceAll("''", "'"),
    ]),
  );
}

Deno.test("whose turn was interrupted hears what anybody hears whose turn failed", () => {
  assert.deepEqual(readTexts("failed"), TURN_WORDS.failed);
});

Deno.test("after a person of the organization the same is asked as after a goodbye", () => {
  assert.deepEqual(readTexts("rate"), TURN_WORDS.rate);
  assert.deepEqual(readTexts("rate.up"), TURN_WORDS.rate_up);
  assert.deepEqual(readTexts("rate.down"), TURN_WORDS.rate_down);
});
