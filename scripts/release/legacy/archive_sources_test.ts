import assert from "node:assert/strict";
import { archiveSource, findArchive, pushArchive, readArchived } from "./archive_sources.ts";

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

Deno.test("sources are kept on a branch of their own, and the checkout doesn't notice", async () => {
  const folder = await openRepository();
  const before = await git(folder, "status", "--porcelain=v2", "--branch");
  assert.deepEqual(await readArchived({ folder }), {});
  const jobs = await writeSource({ "index.ts": "// jobs\n", "lib/a.ts": "export {}\r\n" });
  await archiveSource({ slug: "jobs", ref: "r", version: 3, from: jobs }, { folder });
  const shop = await writeSource({ "index.ts": "// shop\n" });
  await archiveSource({ slug: "shop", ref: "r", version: 1, from: shop }, { folder });
  // A newer version takes the older one's place; a file that is gone is gone.
  const newer = await writeSource({ "index.ts": "// newer\n" });
  await archiveSource({ slug: "jobs", ref: "r", version: 4, from: newer }, { folder });

  assert.equal(await git(folder, "status", "--porcelain=v2", "--branch"), before);
  const branch = "archive/legacy-webhooks";
  assert.equal(
    await git(folder, "ls-tree", "-r", "--name-only", branch),
    "archive.json\nsupabase/functions/jobs/index.ts\nsupabase/functions/shop/index.ts",
  );
  assert.equal(await git(folder, "show", `${branch}:supabase/functions/jobs/index.ts`), "// newer");
  assert.equal(
    await git(folder, "show", `${branch}~2:supabase/functions/jobs/lib/a.ts`),
    "export {}",
  );
  assert.deepEqual(await readArchived({ folder }), {
    jobs: { ref: "r", version: 4, files: 1 },
    shop: { ref: "r", version: 1, files: 1 },
  });
});

Deno.test("nothing is no source", async () => {
  const folder = await openRepository();
  const from = await writeSource({});
  await assert.rejects(
    archiveSource({ slug: "jobs", ref: "r", version: 1, from }, { folder }),
    /Cannot archive "jobs": its source is empty/,
  );
  assert.deepEqual(await readArchived({ folder }), {});
});

Deno.test("the archive is given to origin, and found there by another clone", async () => {
  const folder = await openRepository();
  const shop = await writeSource({ "index.ts": "// shop\n" });
  await archiveSource({ slug: "shop", ref: "r", version: 1, from: shop }, { folder });
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
  const jobs = await writeSource({ "index.ts": "// jobs\n" });
  await archiveSource({ slug: "jobs", ref: "r", version: 2, from: jobs }, { folder: clone });
  assert.deepEqual(Object.keys(await readArchived({ folder: clone })), ["shop", "jobs"]);
  assert.equal(await pushArchive({ folder: clone }), true);
  // Of two at once, one has to fetch first: nothing of the other's is overwritten.
  await archiveSource({ slug: "late", ref: "r", version: 3, from: jobs }, { folder });
  await assert.rejects(pushArchive({ folder }), /Cannot archive with git push: [^]*rejected/);
});
