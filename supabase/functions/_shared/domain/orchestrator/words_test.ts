import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { TURN_WORDS } from "./words.ts";

const MIGRATION = new URL(
  "../../../../migrations/20261121150000_supervise_agents.sql",
  import.meta.url,
);

Deno.test("whose turn was interrupted hears what anybody hears whose turn failed", () => {
  const sql = readFileSync(MIGRATION, "utf8");
  const rows = [...sql.matchAll(/\('failed', '(\w+)', '((?:[^']|'')+)'\)/g)];
  const said = Object.fromEntries(rows.map(([, language, text]) => [
    language,
    text!.replaceAll("''", "'"),
  ]));
  assert.deepEqual(said, TURN_WORDS.failed);
});
