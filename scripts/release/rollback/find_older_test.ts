import assert from "node:assert/strict";
import { join } from "node:path";
import type { LiveFunction } from "../management/schemas.ts";
import { ReleaseError } from "../release_error.ts";
import { chooseOlder, findArchived, withSource } from "./find_older.ts";
import { redeployFolders } from "./redeploy_folders.ts";

const FIRST = { ref: "r", version: 1, files: 1 };
const SHOP = {
  ...FIRST,
  root: "functions/shop",
  verifyJwt: true,
  entrypoint: "supabase/functions/shop/index.ts",
  importMap: "import_map.json",
};

async function write(files: string[]): Promise<string> {
  const folder = await Deno.makeTempDir();
  for (const path of files) {
    await Deno.mkdir(join(folder, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(folder, path), path);
  }
  return folder;
}

Deno.test("of a folder the older product's are deployed, and never one of ours", () => {
  const there = ["ops", "shop", "wa-webhook-jobs", "wa-webhook-unified", "worker"];
  const known = { archived: { shop: SHOP }, own: ["ops", "worker", "wa-webhook-unified"] };
  const cases: [functions: string[] | null, change: object, expected: string[] | RegExp][] = [
    [null, {}, ["shop", "wa-webhook-jobs"]],
    [null, { archived: {} }, ["wa-webhook-jobs"]],
    [null, { archived: { ops: SHOP }, there: ["ops"] }, /name the older ones with --functions$/],
    [null, { there: [] }, /"\*": here has none$/],
    [["shop"], { archived: {} }, ["shop"]],
    [["shop", "worker"], {}, /Cannot deploy "worker" as an older function: it is one of ours/],
    [["shop", "gone"], {}, /"gone": here has ops, shop/],
  ];
  for (const [functions, change, expected] of cases) {
    const choose = () => chooseOlder({ there, functions, place: "here", ...known, ...change });
    if (expected instanceof RegExp) assert.throws(choose, expected);
    else assert.deepEqual(choose(), expected);
  }
});

Deno.test("an archived function is as it was; one of the first archives as its callers need it", async () => {
  const worktree = await write(["supabase/functions/jobs/index.ts"]);
  const archived = { jobs: FIRST, shop: SHOP };
  assert.deepEqual(await findArchived({ worktree, archived, functions: null, own: [] }), [
    {
      slug: "jobs",
      root: worktree,
      verifyJwt: false,
      entrypoint: "supabase/functions/jobs/index.ts",
      importMap: null,
    },
    { ...SHOP, slug: "shop", root: join(worktree, "functions/shop") },
  ]);
});

Deno.test("a source is as open as what is live, or else archived", async () => {
  const source = await write(["jobs/index.ts", "shop/index.ts", "late/index.ts", "_shared/a.ts"]);
  const row = { version: 1, status: "ACTIVE", updatedAt: "" };
  const live: LiveFunction[] = [{ ...row, slug: "late", verifyJwt: true }];
  const input = { source, archived: { jobs: FIRST, shop: SHOP }, own: [], live };
  let root = "";
  await withSource({ ...input, functions: ["jobs", "shop", "late"] }, async (older) => {
    assert.deepEqual(older.map((one) => one.verifyJwt), [false, true, true]);
    root = older[0]!.root;
    await Deno.stat(join(root, "supabase/functions/_shared/a.ts"));
  });
  await assert.rejects(Deno.stat(root), Deno.errors.NotFound);
});

Deno.test("each is deployed by a configuration that says how it was", async () => {
  const root = await write(["supabase/functions/jobs/main.ts", "import_map.json"]);
  const runs: [string[], string][] = [];
  const deploy = (importMap: string | null, success = true) =>
    redeployFolders({
      target: { ref: "r" } as Parameters<typeof redeployFolders>[0]["target"],
      print: () => {},
      runCli: async (args, { cwd = "" } = {}) => {
        runs.push([args, await Deno.readTextFile(join(cwd, "supabase/config.toml"))]);
        return { success, stdout: "", stderr: "ERROR: no" };
      },
    }, [{
      slug: "jobs",
      root,
      verifyJwt: true,
      entrypoint: "supabase/functions/jobs/main.ts",
      importMap,
    }]);
  assert.deepEqual(await deploy("import_map.json"), ["jobs"]);
  assert.deepEqual(runs[0], [
    ["functions", "deploy", "jobs", "--use-api", "--remote=r"],
    'project_id = "legacy"\n\n[functions.jobs]\nverify_jwt = true\n' +
    'entrypoint = "./functions/jobs/main.ts"\nimport_map = "../import_map.json"\n',
  ]);
  await deploy(null);
  assert.match(runs[1]![1], /import_map = "\.\/functions\/jobs\/deno\.json"/);
  await Deno.stat(join(root, "supabase/functions/jobs/deno.json"));
  await assert.rejects(deploy(null, false), ReleaseError);
});
