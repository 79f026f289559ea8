import assert from "node:assert/strict";
import { type Advice, compareAdvisors, isSerious, parseAdvisors } from "./compare_advisors.ts";

function advice(cache_key: string, level: Advice["level"]): Advice {
  return { name: "a", title: "A", level, detail: "", remediation: "", cache_key };
}

const known = [advice("a", "INFO"), advice("b", "WARN"), advice("c", "ERROR")];

const CASES: { name: string; after: Advice[]; expected: Advice[] }[] = [
  { name: "the same is nothing new", after: known, expected: [] },
  { name: "what has gone is nothing new", after: [], expected: [] },
  { name: "less severe than it was is nothing new", after: [advice("c", "WARN")], expected: [] },
  {
    name: "more severe than it was is new",
    after: [advice("a", "WARN")],
    expected: [advice("a", "WARN")],
  },
  {
    name: "the most severe comes first",
    after: [advice("x", "INFO"), advice("z", "WARN"), advice("y", "WARN"), advice("w", "ERROR")],
    expected: [advice("w", "ERROR"), advice("y", "WARN"), advice("z", "WARN"), advice("x", "INFO")],
  },
];

for (const { name, after, expected } of CASES) {
  Deno.test(`advisors before and after: ${name}`, () => {
    assert.deepEqual(compareAdvisors(known, after), expected);
  });
}

Deno.test("errors and warnings are serious", () => {
  assert.deepEqual(known.map(isSerious), [false, true, true]);
});

Deno.test("reads what the CLI prints, and refuses what it doesn't", () => {
  assert.deepEqual(parseAdvisors("\n"), []);
  assert.deepEqual(parseAdvisors(JSON.stringify([{ ...known[0], metadata: {} }])), [known[0]]);
  assert.throws(() => parseAdvisors('[{"level": "FATAL"}]'));
  assert.throws(() => parseAdvisors("Cannot connect"));
});
