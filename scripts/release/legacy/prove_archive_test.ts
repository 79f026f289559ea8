import assert from "node:assert/strict";
import type { BundleUpload } from "../management/create_management.ts";
import { ReleaseError } from "../release_error.ts";
import { runGit } from "../run_git.ts";
import { archiveSource, readArchived } from "./archive_sources.ts";
import { proveArchive } from "./prove_archive.ts";

Deno.test("the platform is shown what git holds and nothing else, and its reason is told", async () => {
  const [folder, from] = [await Deno.makeTempDir(), await Deno.makeTempDir()];
  await runGit(["init", "--quiet"], folder);
  await runGit(["config", "user.name", "Operator"], folder);
  await runGit(["config", "user.email", "operator@example.test"], folder);
  const entrypoint = "supabase/functions/jobs/index.ts";
  await Deno.mkdir(`${from}/supabase/functions/jobs`, { recursive: true });
  await Deno.writeTextFile(`${from}/${entrypoint}`, "// jobs");
  await Deno.writeTextFile(`${from}/supabase/functions/import_map.json`, "{}");
  const importMap = "supabase/functions/import_map.json";
  const about = { slug: "jobs", ref: "r", version: 1, verifyJwt: true, entrypoint, importMap };
  const commit = await archiveSource({ ...about, from }, { folder });
  await Deno.remove(from, { recursive: true });
  const archived = (await readArchived({ folder }))["jobs"];
  assert.ok(archived !== undefined && "root" in archived);

  const uploads: BundleUpload[] = [];
  const prove = (answer: () => Promise<void>) =>
    proveArchive({
      folder,
      ref: "r",
      management: {
        bundleFunction: (_ref, _slug, upload) => {
          uploads.push(upload);
          return answer();
        },
      },
    }, { slug: "jobs", commit, archived });
  await prove(() => Promise.resolve());
  const [{ files, ...rest } = { files: new Map() }] = uploads;
  assert.deepEqual(rest, { entrypoint, importMap, verifyJwt: true });
  assert.deepEqual([...files.keys()], [importMap, entrypoint]);

  const refuse = (code: "refused" | "unreachable") => () =>
    Promise.reject(new ReleaseError(code, `${code}: Module not found`));
  await assert.rejects(prove(refuse("refused")), {
    code: "failed",
    message: /Cannot delete "jobs": .* refused: Module not found; give .* --source/,
  });
  await assert.rejects(prove(refuse("unreachable")), { code: "unreachable" });
  const worktrees = await runGit(["worktree", "list"], folder);
  assert.equal(new TextDecoder().decode(worktrees).trim().split("\n").length, 1);
});
