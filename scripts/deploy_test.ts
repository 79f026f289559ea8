import assert from "node:assert/strict";
import { deploy } from "./deploy.ts";
import { readDeployOptions } from "./release/read_deploy_options.ts";

const run = (args: string[]) => {
  const lines: string[] = [];
  return deploy(args, {
    print: (line) => void lines.push(line),
    read: () => undefined,
    fetch: () => Promise.reject(new Error("asked")),
  }).then((isDone) => ({ isDone, text: lines.join("\n") }));
};

Deno.test("--help says how, with examples, and asks nobody", async () => {
  const { isDone, text } = await run(["--help"]);
  assert.ok(isDone);
  for (const option of ["--dry-run", "--resume", "--project-ref", "--rollout", "--backup"]) {
    assert.ok(text.includes(option), option);
  }
  assert.match(text, /\n {2}deno task deploy .*--rollout 1 --reason/);
});

Deno.test("a slip of the hand is told before anything is asked", async (test) => {
  const ref = "--project-ref=abcdefghijklmnopqrst";
  const cases: [string[], RegExp][] = [
    [[], /give its --project-ref/],
    [[ref], /SUPABASE_ACCESS_TOKEN is not set/],
    [["production", ref], /understand "production"/],
    [["--rolout=5", ref], /'--rolout'/],
    [["--rollout=101", ref], /"101": it is a whole number from 0 to 100/],
    [["--rollout=some", ref], /"some"/],
    [["--watch=long", ref], /"long": it is a number of minutes/],
    [["--skip-tests=", ref], /--skip-tests without a reason/],
    [["--accept=ok", ref], /--accept without a reason/],
    [["--functions=,", ref], /--functions is empty/],
    [["--reason=x", ref], /--reason: say why/],
  ];
  for (const [args, message] of cases) {
    await test.step(args.join(" "), () => assert.rejects(run(args), { message }));
  }
});

Deno.test("options are read as they are meant", () => {
  assert.deepEqual(
    readDeployOptions({ rollout: "5%", watch: "2.5", functions: "ops, worker" }, () => "ada[bot]"),
    {
      rollout: 5,
      reason: null,
      actor: "ada_bot_",
      functions: ["ops", "worker"],
      backup: false,
      skipTests: null,
      accept: null,
      restore: true,
      watchMinutes: 2.5,
    },
  );
});
