import assert from "node:assert/strict";
import { rollback } from "./rollback.ts";

const REF = "a".repeat(20);

/** What is printed; nobody answers, and nobody should be asked. */
async function run(...args: string[]): Promise<string> {
  const lines: string[] = [];
  await rollback(args, {
    print: (line) => lines.push(line),
    read: (name) => name === "SUPABASE_ACCESS_TOKEN" ? `sbp_${"0".repeat(40)}` : undefined,
    fetch: () => Promise.reject(new Error("nobody may be asked")),
  });
  return lines.join("\n");
}

Deno.test("each kind says in the help what it does to data", async () => {
  const help = await run("--help");
  for (const kind of ["quick", "full", "code", "constraint", "legacy", "restore"]) {
    assert.match(help, new RegExp(`^  ${kind} +\\S.*\\n +data: \\S`, "m"), kind);
  }
  assert.equal(help.match(/LOST/g)?.length, 1, "one of them loses anything");
  assert.equal(await run(), help);
});

Deno.test("what isn't understood, or lacks its reason, goes nowhere", async () => {
  const cases: [string[], RegExp][] = [
    [["everything"], /Cannot understand "everything"/],
    [["quick", "now"], /Cannot understand "quick now"/],
    [["constraint", "--project-ref", REF], /Cannot understand "constraint"/],
    [["quick"], /give its --project-ref/],
    [["quick", "--project-ref", REF], /without --reason/],
    [["full", "--project-ref", REF, "--reason", " "], /without --reason/],
    [["restore", "--project-ref", REF], /without --reason/],
    [["legacy", "--project-ref", REF], /give --meta-app-id/],
    [["constraint", "x y", "--project-ref", REF], /no migration of ours/],
  ];
  for (const [args, reason] of cases) await assert.rejects(run(...args), reason, args.join(" "));
});

Deno.test("restore is shown without asking anybody", async () => {
  const text = await run("restore", "--project-ref", REF, "--reason", "it's bad");
  assert.match(
    text,
    /\[1\/7\] switch the service off\n +data +nothing\n +run +deno task rollback full/,
  );
  assert.match(text, /--reason 'it'\\''s bad'/);
  assert.match(text, /Nothing was done: run them in order/);
});
