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

const confirm = (
  { folder, commit, token = "gh", answer = () => Response.json({ check_runs: [] }) }: {
    folder: string;
    commit: string;
    token?: string;
    answer?: (url: string) => Response;
  },
) =>
  confirmTests({ folder, commit }, {
    read: (name) => ({ GITHUB_TOKEN: token, GITHUB_RUN_ID: "77" })[name],
    fetch: (input) => Promise.resolve(answer(String(input))),
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

Deno.test("else GitHub's checks of the commit say", (test) =>
  withRepository(async (folder, commit) => {
    const run = (name: string, conclusion: string | null, id = 1) => ({
      name,
      status: conclusion === null ? "in_progress" : "completed",
      conclusion,
      details_url: `https://github.com/example/switchboard/actions/runs/${id}/job/1`,
    });
    const cases: [string, unknown[], string | RegExp][] = [
      ["all green", [run("test", "success"), run("extra", "skipped")], "2 checks green at GitHub"],
      [
        "without the job that releases",
        [run("test", "success"), run("deploy", null, 77)],
        "1 checks",
      ],
      ["one failed", [run("test", "success"), run("lint", "failure")], /check "lint" is failure/],
      ["one isn't over", [run("test", null)], /check "test" is in_progress/],
      ["there is none", [], /no check that passed/],
      ["all were skipped", [run("test", "skipped")], /no check that passed/],
    ];
    for (const [name, check_runs, expected] of cases) {
      await test.step(name, async () => {
        const answer = (url: string) => {
          assert.equal(
            url,
            `https://api.github.com/repos/example/switchboard/commits/${commit}/check-runs?per_page=100`,
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

Deno.test("a repository elsewhere has no such checks", () =>
  withRepository(
    (folder, commit) =>
      assert.rejects(confirm({ folder, commit }), { name: "ReleaseError", code: "missing" }),
    { remote: "https://example.test/switchboard.git" },
  ));
