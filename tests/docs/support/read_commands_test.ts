import assert from "node:assert/strict";
import { type Command, readCommands, readScript } from "./read_commands.ts";

const CASES: [script: string, expected: Partial<Command>[]][] = [
  ["curl -fsS --data x http://127.0.0.1", []],
  ["deno fmt --check", []],
  ["deno task deploy --project-ref <ref> --dry-run", [
    { task: "deploy", path: null, options: ["--project-ref", "--dry-run"], verb: null },
  ]],
  ["npx -y deno@2.9.6 task test # everything --else", [{ task: "test", options: [] }]],
  ["deno task rollback quick --reason=why \\\n  --actor me", [
    { task: "rollback", verb: "quick", options: ["--reason", "--actor"] },
  ]],
  ['deno run -A scripts/rollout.ts set 1 --reason "--no option, it\'s said"', [
    { task: null, path: "scripts/rollout.ts", verb: "set", options: ["--reason"] },
  ]],
  ["git tag v1 && deno task deploy --resume\ndeno task doctor | head -3", [
    { task: "deploy", options: ["--resume"] },
    { task: "doctor", options: [] },
  ]],
];

for (const [script, expected] of CASES) {
  Deno.test(`reads the commands of ${JSON.stringify(script)}`, () => {
    const found = readScript(script);
    assert.equal(found.length, expected.length);
    found.forEach((command, n) => assert.deepEqual({ ...command, ...expected[n] }, command));
  });
}

Deno.test("commands are found in every block of a shell, and between words", () => {
  const page = "Say `deno task types --check`, never `types`.\n\n" +
    "```sh manual\ndeno task deploy\n```\n\n   ```sh refused no\n   deno task doctor\n   ```\n\n" +
    "```ts\ndeno task no\n```\n";
  assert.deepEqual(readCommands(page).map(({ task }) => task), ["deploy", "doctor", "types"]);
});
