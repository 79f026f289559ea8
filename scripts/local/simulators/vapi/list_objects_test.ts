import assert from "node:assert/strict";
import { listObjects } from "./list_objects.ts";
import { NestError } from "./nest_error.ts";
import { member, send, withSimulators } from "../with_simulators.ts";

const at = (second: number, id: string) => {
  const time = `2026-11-01T00:00:0${second}.000Z`;
  return { id, orgId: "o", createdAt: time, updatedAt: time };
};
const OBJECTS = [at(1, "first"), at(2, "second"), at(2, "third"), at(3, "fourth")];

const CASES: [what: string, query: Record<string, string>, ids: string[]][] = [
  ["everything, newest first", {}, ["fourth", "third", "second", "first"]],
  ["a page", { limit: "2" }, ["fourth", "third"]],
  ["nothing at limit 0", { limit: "0" }, []],
  ["what is younger", { createdAtGt: "2026-11-01T00:00:02.000Z" }, ["fourth"]],
  ["what is as old or younger", { createdAtGe: "2026-11-01T00:00:02Z" }, [
    "fourth",
    "third",
    "second",
  ]],
  ["what is older", { createdAtLt: "2026-11-01T00:00:02.000Z" }, ["first"]],
  ["between two times", {
    createdAtGt: "2026-11-01T01:00:01+01:00",
    updatedAtLe: "2026-11-01T00:00:02.000Z",
  }, ["third", "second"]],
];
for (const [what, query, ids] of CASES) {
  Deno.test(`a list gives ${what}`, () => {
    assert.deepEqual(listObjects(OBJECTS, query).map((object) => object.id), ids);
  });
}

const REFUSED: [query: Record<string, string>, message: string][] = [
  [{ limit: "1001" }, "limit must not be greater than 1000"],
  [{ limit: "-1" }, "limit must be a number"],
  [{ createdAtGt: "yesterday" }, "createdAtGt must be a valid ISO 8601 date string"],
  [{ name: "x" }, "property name should not exist"],
];
for (const [query, message] of REFUSED) {
  Deno.test(`a list refuses ${JSON.stringify(query)}`, () => {
    assert.throws(() => listObjects(OBJECTS, query), (error) => {
      assert.ok(error instanceof NestError);
      assert.equal(error.status, 400);
      assert.deepEqual(error.text, [message]);
      return true;
    });
  });
}

Deno.test("an orphan is found by the time of the intent, and older assistants are not", async () => {
  await withSimulators(async ({ vapi }) => {
    const key = "vapi-demo-key";
    await send(`${vapi}/assistant`, { key, body: { name: "older" } });
    const { body: older } = await send(`${vapi}/assistant`, { key });
    const intent = new Date(Date.parse(member((older as unknown[])[0], "createdAt")));
    await send(`${vapi}/__simulator/faults`, {
      body: { method: "POST", path: "/assistant", mode: "drop", moment: "after", times: 1 },
    });
    // A millisecond apart, since createdAtGt is exclusive and times have no finer grain.
    while (Date.now() <= intent.getTime()) await new Promise((resolve) => setTimeout(resolve, 1));
    await assert.rejects(send(`${vapi}/assistant`, { key, body: { name: "orphan" } }));
    const query = new URLSearchParams({ createdAtGt: intent.toISOString(), limit: "100" });
    const { body } = await send(`${vapi}/assistant?${query}`, { key });
    assert.deepEqual((body as unknown[]).map((found) => member(found, "name")), ["orphan"]);
  });
});
