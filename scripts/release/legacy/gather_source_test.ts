import assert from "node:assert/strict";
import { copySource, findWiring } from "./gather_source.ts";
import { walk } from "./walk.ts";

async function write(files: string[]): Promise<string> {
  const folder = await Deno.makeTempDir();
  for (const path of files) {
    await Deno.mkdir(`${folder}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${folder}/${path}`, path);
  }
  return folder;
}

const jobs = (path: string) => `supabase/functions/jobs/${path}`;

Deno.test("a function is wired as what is live, and else as the CLI would find it", async () => {
  const map = "supabase/functions/import_map.json";
  const cases: [
    files: string[],
    live: Record<string, string>,
    expected: [string, string | null],
  ][] = [
    [[jobs("index.ts")], {}, [jobs("index.ts"), null]],
    [[jobs("index.ts"), map], {}, [jobs("index.ts"), map]],
    [[jobs("index.ts"), jobs("deno.json"), map], {}, [jobs("index.ts"), jobs("deno.json")]],
    [[jobs("index.ts"), jobs("deno.json"), map], { importMap: map }, [jobs("index.ts"), map]],
    [
      [jobs("main.js"), jobs("index.ts"), "import_map.json"],
      { entrypoint: jobs("main.js"), importMap: "import_map.json" },
      [jobs("main.js"), "import_map.json"],
    ],
    // Made in the dashboard, it is called otherwise there.
    [
      [jobs("index.ts"), jobs("deno.json")],
      { entrypoint: "index.ts", importMap: "deno.json" },
      [jobs("index.ts"), jobs("deno.json")],
    ],
  ];
  for (const [files, live, [entrypoint, importMap]] of cases) {
    const root = await write(files);
    assert.deepEqual(await findWiring({ slug: "jobs", root, live }), { entrypoint, importMap });
  }
  const root = await write([jobs("app.ts")]);
  await assert.rejects(findWiring({ slug: "jobs", root }), /it has no index\.ts/);
});

Deno.test("with a function goes all that it may reach, and no secret", async () => {
  const project = await write([
    jobs("index.ts"),
    jobs(".env"),
    jobs("node_modules/a/index.js"),
    "supabase/functions/_shared/deep/a.ts",
    "supabase/functions/shop/index.ts",
    "supabase/functions/import_map.json",
    "supabase/functions/.env",
    "supabase/config.toml",
    "import_map.json",
  ]);
  const source = `${project}/supabase/functions`;
  const take = async (options: object) => {
    const into = await Deno.makeTempDir();
    await copySource({ slug: "jobs", source, into, ...options });
    return await walk(into);
  };
  const reached = [
    "supabase/functions/_shared/deep/a.ts",
    "supabase/functions/import_map.json",
    "supabase/functions/jobs/index.ts",
  ];
  assert.deepEqual(await take({}), reached);
  assert.deepEqual(await take({ withAll: true }), [...reached, "supabase/functions/shop/index.ts"]);
  assert.deepEqual(await take({ live: { importMap: "import_map.json" } }), [
    "import_map.json",
    ...reached,
  ]);
  assert.deepEqual(await take({ live: { importMap: "../../etc/passwd" } }), reached);
  // Two names of one function: it is where the live one begins.
  const alias = { slug: "alias", live: { entrypoint: "supabase/functions/shop/index.ts" } };
  assert.ok((await take(alias)).includes("supabase/functions/shop/index.ts"));
  await assert.rejects(take({ slug: "other" }), /there is no folder ".*\/other"/);
  await assert.rejects(take({ source: `${project}/none` }), /Cannot read/);
});
