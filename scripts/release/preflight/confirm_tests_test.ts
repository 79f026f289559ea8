import assert from "node:assert/strict";
import { runGit } from "../run_git.ts";
import { confirmTests, readTree, recordPass } from "./confirm_tests.ts";

async function withRepository(
  use: (folder: string, commit: string) => Promise<void>,
  { remote = "git@github.com:example/switchboard.git" } = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/.gitignore`, ".local/\n");
    await runGit(["init", "--quiet"], folder);
    await runGit(["remote", "add", "origin", remote], folder);
    await runGit(["add", "."], folder);
    const who = ["-c", "user.name=test", "-c", "user.email=test@example.test"];
    await runGit([...who, "commit", "--quiet", "--message=one"], folder);
    await use(folder, (await readTree(folder)).commit);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function confirm(
  {
    folder,
    commit,
    token = "gh",
    isWorkflow = false,
    answer = () => Response.json({ check_runs: [] }),
    told = [],
  }: {
    folder: string;
    commit: string;
    token?: string;
    isWorkflow?: boolean;
    answer?: (url: string) => Response;
    told?: string[];
  },
) {
  let now = 0;
  return confirmTests({ folder, commit }, {
    read: (name) =>
      ({ GITHUB_TOKEN: token, GITHUB_ACTIONS: isWorkflow ? "true" : undefined })[name],
    fetch: (input) => Promise.resolve(answer(String(input))),
    clock: () => now,
    pause: (milliseconds) => Promise.resolve(void (now += milliseconds)),
    tell: (line) => void told.push(line),
  });
}

const run = (name: string, conclusion: string | null) => ({
  name,
  status: conclusion === null ? "in_progress" : "completed",
  conclusion,
});

Deno.test("a whole run on this machine is enough, for its own commit", () =>
  withRepository(async (folder, commit) => {
    await recordPass(folder, { commit, passed: 12 });
    assert.equal(await confirm({ folder, commit }), "12 tests passed here");
    await assert.rejects(confirm({ folder, commit: "b".repeat(40), token: "" }), {
      message: /run deno task test on the clean tree, set GITHUB_TOKEN, or give --skip-tests/,
    });
    assert.deepEqual((await readTree(folder)).changes, []);
    await Deno.writeTextFile(`${folder}/new.ts`, "");
    assert.deepEqual((await readTree(folder)).changes, ["?? new.ts"]);
  }));

Deno.test("what a whole run left out is told by its name", () =>
  withRepository(async (folder, commit) => {
    const told: string[] = [];
    const skipped = ["a restore: left out, psql isn't here", "another"];
    await recordPass(folder, { commit, passed: 12, skipped });
    assert.equal(await confirm({ folder, commit, told }), "12 tests passed here, 2 NOT RUN");
    assert.deepEqual(told, skipped.map((name) => `WARNING: not tested: ${name}`));
  }));

Deno.test("else GitHub's checks of the commit say", (test) =>
  withRepository(async (folder, commit) => {
    const cases: [string, unknown[], string | RegExp][] = [
      ["green", [run("test", "success"), run("extra", "skipped")], 'GitHub\'s check "test" is'],
      [
        "whatever became of an earlier release of it",
        [run("test", "success"), run("deploy / release", "failure"), run("other", null)],
        "GitHub's check",
      ],
      ["it failed", [run("test", "failure"), run("lint", "success")], /"test" is failure/],
      [
        "of a branch and a tag one failed",
        [run("test", "success"), run("test", "cancelled")],
        /"test" is cancelled/,
      ],
      ["it isn't over", [run("test", null)], /check "test" is in_progress/],
      ["there is none", [], /no check "test"/],
      ["there are others", [run("lint", "success")], /no check "test"/],
      ["it was skipped", [run("test", "skipped")], /"test" is skipped/],
    ];
    for (const [name, check_runs, expected] of cases) {
      await test.step(name, async () => {
        const answer = (url: string) => {
          assert.equal(
            url,
            `https://api.github.com/repos/example/switchboard/commits/${commit}/check-runs?check_name=test&per_page=100`,
          );
          return Response.json({ check_runs });
        };
        const confirming = confirm({ folder, commit, answer });
        if (typeof expected === "string") assert.ok((await confirming).startsWith(expected));
        else await assert.rejects(confirming, { name: "ReleaseError", message: expected });
      });
    }
    await test.step("GitHub doesn't answer", () =>
      assert.rejects(
        confirm({ folder, commit, answer: () => new Response("", { status: 503 }) }),
        /answered 503/,
      ));
  }));

Deno.test("a workflow waits for the check, and not for ever", (test) =>
  withRepository(async (folder, commit) => {
    const cases: [string, unknown[][], string | RegExp][] = [
      ["green in the end", [[], [run("test", null)], [run("test", "success")]], "GitHub's check"],
      ["red in the end", [[run("test", null)], [run("test", "failure")]], /"test" is failure/],
      ["never over", [[run("test", null)]], /"test" is in_progress/],
      ["never begun", [[]], /no check "test"/],
    ];
    for (const [name, answers, expected] of cases) {
      await test.step(name, async () => {
        let asked = 0;
        const answer = () =>
          Response.json({ check_runs: answers[Math.min(asked++, answers.length - 1)] });
        const confirming = confirm({ folder, commit, isWorkflow: true, answer });
        if (typeof expected === "string") assert.ok((await confirming).startsWith(expected));
        else await assert.rejects(confirming, { name: "ReleaseError", message: expected });
        assert.ok(asked >= answers.length && asked <= 200);
      });
    }
  }));

Deno.test("a record that was cut off is none", () =>
  withRepository(async (folder, commit) => {
    await recordPass(folder, { commit, passed: 12 });
    await Deno.writeTextFile(`${folder}/.local/ci/${commit}.json`, '{"commit":');
    await assert.rejects(confirm({ folder, commit, token: "" }), { code: "missing" });
  }));

Deno.test("a repository elsewhere has no such checks", () =>
  withRepository(
    (folder, commit) =>
      assert.rejects(confirm({ folder, commit }), { name: "ReleaseError", code: "missing" }),
    { remote: "https://example.test/switchboard.git" },
  ));
