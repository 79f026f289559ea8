import assert from "node:assert/strict";
import { createReleaseContext } from "../../tests/in_memory/create_release_context.ts";
import { findOvertaken } from "./find_overtaken.ts";
import type { Journal } from "./journal.ts";

const OWN = "1.0.0+aaaaaaaaaaaa";
const OTHER = "1.0.1+cccccccccccc";
const restored = { version: 5, commit: "b".repeat(40) };

type Case = [
  name: string,
  journal: Partial<Journal>,
  live: Record<string, number>,
  codes: Record<string, string>,
  expected: string[],
];

const CASES: Case[] = [
  ["nothing was deployed by it", {}, { ops: 9 }, {}, []],
  [
    "it stopped before the upload",
    { functionsBefore: { ops: 3, worker: null } },
    { ops: 3 },
    {},
    [],
  ],
  [
    "its own are live",
    { functionsBefore: { ops: 3, worker: null }, functionsAfter: { ops: 4, worker: 1 } },
    { ops: 4, worker: 1 },
    {},
    [],
  ],
  [
    "half of its own arrived",
    { functionsBefore: { ops: 3, worker: 2 }, functionsAfter: { ops: 4 } },
    { ops: 4, worker: 2 },
    {},
    [],
  ],
  [
    "the code before was put back",
    {
      functionsBefore: { ops: 3 },
      functionsAfter: { ops: 4 },
      functionsRestored: { ops: restored },
    },
    { ops: 5 },
    {},
    [],
  ],
  ["killed while it uploaded", { functionsBefore: { ops: 3 } }, { ops: 4 }, { ops: OWN }, []],
  [
    "another commit was released meanwhile",
    { functionsBefore: { ops: 3, worker: 2 }, functionsAfter: { ops: 4, worker: 3 } },
    { ops: 5, worker: 3 },
    { ops: OTHER },
    ["ops"],
  ],
  ["something that says nothing", { functionsBefore: { ops: 3 } }, { ops: 4 }, {}, ["ops"]],
  ["it was deleted", { functionsBefore: { ops: 3 } }, {}, {}, ["ops"]],
];

Deno.test("a release that stopped is overtaken by what it neither found nor deployed", async (test) => {
  for (const [name, fields, live, codes, expected] of CASES) {
    await test.step(name, async () => {
      const { context, project } = createReleaseContext();
      Object.assign(project.functions, live);
      context.fetch = (input) => {
        const slug = /v1\/([\w-]+)\/health/.exec(String(input))?.[1] ?? "";
        return Promise.resolve(Response.json({ version: codes[slug] }));
      };
      assert.deepEqual(await findOvertaken({ ...context.journal, ...fields }, context), expected);
    });
  }
});
