import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { isResetWord, RESET_WORDS } from "./read_reset_word.ts";

const MIGRATION = new URL(
  "../../../../migrations/20261121120300_create_hand_overs.sql",
  import.meta.url,
);

Deno.test("the words that end a wait for a person are those that lead to the menu", () => {
  const sql = readFileSync(MIGRATION, "utf8");
  const [, list] = sql.match(/private\.fold_text\(p_text\) in \(([^)]*)\)/) ?? [];
  const words = [...(list ?? "").matchAll(/'([^']+)'/g)].map(([, word]) => word!);
  assert.deepEqual(words.toSorted(), [...RESET_WORDS].toSorted());
  assert.ok(words.every(isResetWord));
});
