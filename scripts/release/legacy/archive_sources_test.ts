import assert from "node:assert/strict";
import {
  archiveSource,
  findArchive,
  isWhole,
  pushArchive,
  readArchived,
} from "./archive_sources.ts";

async function git(folder: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("git", { args, cwd: folder }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}

async function openRepository() {
  const folder = await Deno.makeTempDir();
  await git(folder, "init", "--quiet", "--initial-branch=main");
  await git(folder, "config", "user.name", "Operator");
  await git(folder, "config", "user.email", "operator@example.test");
  await Deno.writeTextFile(`${folder}/kept.txt`, "kept");
  await git(folder, "add", "kept.txt");
  await git(folder, "commit", "--quiet", "-m", "Begin");
  await Deno.writeTextFile(`${folder}/kept.txt`, "changed and not committed");
  return folder;
}

async function writeSource(files: Record<string, string>): Promise<string> {
  const folder = await Deno.makeTempDir();
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(`${folder}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${folder}/${path}`, text);
  }
  return folder;
}

/** How it was deployed, and a project's folder with these files in `supabase/functions`. */
async function describe(slug: string, version: number, files: Record<string, string>) {
  const from = await writeSource(
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => [`supabase/functions/${path}`, text]),
    ),
  );
  const entrypoint = `supabase/functions/${slug}/index.ts`;
  return { slug, ref: "r", version, verifyJwt: false, entrypoint, importMap: null, from };
}

const BRANCH = "archive/legacy-webhooks";

Deno.test("sources are kept on a branch of their own, and the checkout doesn't notice", async () => {
  const folder = await openRepository();
  const before = await git(folder, "status", "--porcelain=v2", "--branch");
  assert.deepEqual(await readArchived({ folder }), {});
  const jobs = { "jobs/index.ts": "// jobs\n", "jobs/lib/a.ts": "export {}\r\n" };
  const older = { ...jobs, "_shared/a.ts": "// older\n", "import_map.json": "{}\n" };
  await archiveSource(await describe("jobs", 3, older), { folder });
  // Each with what it was deployed with: of two that share a file, one may have an older one.
  const shop = { "shop/index.ts": "// shop\n", "_shared/a.ts": "// newer\n" };
  await archiveSource(await describe("shop", 1, shop), { folder });
  assert.equal(
    await git(folder, "show", `${BRANCH}:functions/jobs/supabase/functions/_shared/a.ts`),
    "// older",
  );
  // A newer version takes the older one's place; a file that is gone is gone, and no secret is kept.
  const newer = { "jobs/index.ts": "// newer\n", "jobs/.env.local": "TOKEN=x\n" };
  await archiveSource(await describe("jobs", 4, newer), { folder });

  assert.equal(await git(folder, "status", "--porcelain=v2", "--branch"), before);
  const listed = await git(folder, "ls-tree", "-r", "--name-only", BRANCH);
  assert.deepEqual(listed.split("\n"), [
    "archive.json",
    "functions/jobs/supabase/functions/jobs/index.ts",
    "functions/shop/supabase/functions/_shared/a.ts",
    "functions/shop/supabase/functions/shop/index.ts",
  ]);
  const path = "functions/jobs/supabase/functions/jobs";
  assert.equal(await git(folder, "show", `${BRANCH}:${path}/index.ts`), "// newer");
  assert.equal(await git(folder, "show", `${BRANCH}~2:${path}/lib/a.ts`), "export {}");
  assert.deepEqual(await readArchived({ folder }), {
    jobs: {
      ref: "r",
      version: 4,
      verifyJwt: false,
      entrypoint: "supabase/functions/jobs/index.ts",
      importMap: null,
      files: 1,
      root: "functions/jobs",
    },
    shop: {
      ref: "r",
      version: 1,
      verifyJwt: false,
      entrypoint: "supabase/functions/shop/index.ts",
      importMap: null,
      files: 2,
      root: "functions/shop",
    },
  });
});

Deno.test("the same again is no commit", async () => {
  const folder = await openRepository();
  const jobs = await describe("jobs", 1, { "jobs/index.ts": "// jobs\n" });
  const commit = await archiveSource(jobs, { folder });
  assert.equal(await archiveSource(jobs, { folder }), commit);
  assert.notEqual(await archiveSource({ ...jobs, verifyJwt: true }, { folder }), commit);
});

Deno.test("what isn't proven isn't archived", async () => {
  const folder = await openRepository();
  const jobs = await describe("jobs", 1, { "jobs/index.ts": "// jobs\n" });
  const asked: string[] = [];
  const refuse = async (commit: string) => {
    asked.push(await git(folder, "ls-tree", "-r", "--name-only", commit));
    throw new Error("it doesn't load");
  };
  await assert.rejects(archiveSource(jobs, { folder, prove: refuse }), /it doesn't load/);
  assert.deepEqual(asked, ["archive.json\nfunctions/jobs/supabase/functions/jobs/index.ts"]);
  assert.equal(await findArchive({ folder }), null);
});

Deno.test("an archive of before, with one function's own folder alone, is known as such", async () => {
  const folder = await openRepository();
  await git(folder, "checkout", "--quiet", "--", "kept.txt");
  await git(folder, "switch", "--quiet", "--orphan", BRANCH);
  const listed = JSON.stringify({ jobs: { ref: "r", version: 3, files: 1 } });
  await Deno.writeTextFile(`${folder}/archive.json`, listed);
  await git(folder, "add", "archive.json");
  await git(folder, "commit", "--quiet", "-m", "Keep jobs");
  await git(folder, "switch", "--quiet", "main");
  assert.equal(isWhole((await readArchived({ folder }))["jobs"]), false);
  await archiveSource(await describe("jobs", 3, { "jobs/index.ts": "" }), { folder });
  assert.equal(isWhole((await readArchived({ folder }))["jobs"]), true);
});

Deno.test("nothing is no source", async () => {
  const folder = await openRepository();
  await assert.rejects(
    archiveSource(await describe("jobs", 1, {}), { folder }),
    /Cannot archive "jobs": its source is empty/,
  );
  assert.deepEqual(await readArchived({ folder }), {});
});

Deno.test("the archive is given to origin, and found there by another clone", async () => {
  const folder = await openRepository();
  await archiveSource(await describe("shop", 1, { "shop/index.ts": "// shop\n" }), { folder });
  assert.equal(await pushArchive({ folder }), false, "there is no origin");
  const origin = await Deno.makeTempDir();
  await git(origin, "init", "--quiet", "--bare", "--initial-branch=main");
  await git(folder, "remote", "add", "origin", origin);
  await git(folder, "push", "--quiet", "origin", "main");
  assert.equal(await pushArchive({ folder }), true);

  const clone = await Deno.makeTempDir();
  await git(clone, "clone", "--quiet", origin, ".");
  await git(clone, "config", "user.name", "Operator");
  await git(clone, "config", "user.email", "operator@example.test");
  assert.equal(await findArchive({ folder: clone }), await findArchive({ folder }));
  assert.deepEqual(Object.keys(await readArchived({ folder: clone })), ["shop"]);
  // What is archived there goes on from what is archived already.
  const jobs = { "jobs/index.ts": "// jobs\n" };
  await archiveSource(await describe("jobs", 2, jobs), { folder: clone });
  assert.deepEqual(Object.keys(await readArchived({ folder: clone })), ["shop", "jobs"]);
  assert.equal(await pushArchive({ folder: clone }), true);
  // Of two at once, one has to fetch first: nothing of the other's is overwritten.
  await archiveSource(await describe("late", 3, { "late/index.ts": "// late\n" }), { folder });
  await assert.rejects(pushArchive({ folder }), /Cannot archive with git push: [^]*rejected/);
});
