import assert from "node:assert/strict";
import { classifyDatabaseFailure } from "./classify_database_failure.ts";

const CASES: [number, string, "unavailable" | "internal"][] = [
  [0, "", "unavailable"],
  [200, "", "unavailable"],
  [503, "PGRST000", "unavailable"],
  [503, "PGRST001", "unavailable"],
  [503, "PGRST002", "unavailable"],
  [504, "PGRST003", "unavailable"],
  [500, "57014", "unavailable"],
  [503, "57P01", "unavailable"],
  [503, "53300", "unavailable"],
  [503, "08006", "unavailable"],
  [500, "40001", "unavailable"],
  [500, "40P01", "unavailable"],
  [500, "55P03", "unavailable"],
  [502, "", "unavailable"],
  [429, "", "unavailable"],
  [500, "P0001", "internal"],
  [409, "23505", "internal"],
  [400, "22P02", "internal"],
  [401, "PGRST301", "internal"],
  [404, "PGRST202", "internal"],
  [403, "42501", "internal"],
  [404, "", "internal"],
];
for (const [status, code, failure] of CASES) {
  Deno.test(`status ${status} with code "${code}" is ${failure}`, () => {
    assert.equal(classifyDatabaseFailure(status, { code }), failure);
  });
}
