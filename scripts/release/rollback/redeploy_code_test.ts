import assert from "node:assert/strict";
import { join } from "node:path";
import type { LiveFunction } from "../management/schemas.ts";
import { runGit } from "../run_git.ts";
import { redeployCode } from "./redeploy_code.ts";
import type { RollbackContext } from "./rollback_context.ts";

const CONFIG = "[functions.ops]\nverify_jwt = false\n\n[functions.worker]\nverify_jwt = false\n";

async function openRepository(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "switchboard-code-" });
  await Deno.mkdir(join(folder, "supabase"));
  await Deno.writeTextFile(join(folder, "supabase", "config.toml"), CONFIG);
  const git = (...args: string[]) =>
    runGit(["-c", "user.name=a", "-c", "user.email=a@example.test", ...args], folder);
  await git("init", "--quiet");
  await git("add", "--all");
  await git("commit", "--quiet", "-m", "one");
  return folder;
}

Deno.test("what was deployed is asked whether it lives, and nobody else's function is", async () => {
  const folder = await openRepository();
  const cases: [functions: string[] | null, asked: string[]][] = [
    [null, ["ops", "worker"]],
    [["worker"], ["worker"]],
  ];
  for (const [functions, expected] of cases) {
    const asked: string[] = [];
    const lines: string[] = [];
    const context = {
      folder,
      target: { ref: "a".repeat(20), projectUrl: "https://project.test" },
      management: {
        listFunctions: () =>
          Promise.resolve(
            ["ops", "payments-of-another", "worker"].map((slug): LiveFunction => ({
              slug,
              version: 1,
              status: "ACTIVE",
              verifyJwt: false,
              updatedAt: "2026-11-21T10:00:00.000Z",
            })),
          ),
      },
      runCli: () => Promise.resolve({ success: true, stdout: "", stderr: "" }),
      fetch: (url: string) => {
        asked.push(/functions\/v1\/([^/]+)/.exec(url)?.[1] ?? url);
        return Promise.resolve(new Response());
      },
      print: (line: string) => lines.push(line),
    } as unknown as RollbackContext;
    await redeployCode(context, { to: "HEAD", functions });
    assert.deepEqual(asked, expected);
    assert.match(lines.join("\n"), /left as they are: payments-of-another/);
    assert.equal(lines.at(-1), `${expected.length} functions answer`);
  }
});
