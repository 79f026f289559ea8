import assert from "node:assert/strict";
import { planFaults, type PlannedFault } from "./plan_faults.ts";

const DEPLOY = "/v1/projects/*/functions/deploy";
const urlOf = (slug: string) =>
  new URL(`http://x/v1/projects/abcdefghijklmnopqrst/functions/deploy?slug=${slug}`);

const CASES: { name: string; fault: PlannedFault; struck: boolean[] }[] = [
  { name: "strikes all", fault: { path: DEPLOY, status: 500 }, struck: [true, true, true, true] },
  {
    name: "strikes so many times",
    fault: { path: DEPLOY, status: 500, times: 2 },
    struck: [true, true, false, false],
  },
  {
    name: "lets some pass first",
    fault: { path: DEPLOY, status: 500, after: 1, times: 1 },
    struck: [false, true, false, false],
  },
  {
    name: "leaves other methods alone",
    fault: { method: "get", path: DEPLOY, status: 500 },
    struck: [false, false, false, false],
  },
  {
    name: "leaves other functions alone",
    fault: { path: DEPLOY, slug: "ops", status: 500 },
    struck: [false, true, false, false],
  },
];

for (const { name, fault, struck } of CASES) {
  Deno.test(`a planted fault ${name}`, () => {
    const faults = planFaults();
    faults.plant(fault);
    const slugs = ["worker", "ops", "worker", "kb-sync"];
    assert.deepEqual(slugs.map((slug) => faults.strike("POST", urlOf(slug)) !== null), struck);
  });
}

Deno.test("a cleared fault is gone", () => {
  const faults = planFaults();
  faults.plant({ path: "/**", status: 503 });
  faults.clear();
  assert.equal(faults.strike("GET", urlOf("ops")), null);
});
