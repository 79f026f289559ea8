import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./boundaries/list_sources.ts";

const SUPABASE = join(ROOT, "supabase");
const text = await readFile(join(SUPABASE, "config.toml"), "utf8");

/** Slugs that share another function's code. */
const ALIASES: Record<string, string> = { "wa-webhook-unified": "unified-webhook" };

/** The lines of each `[functions.<slug>]`. */
function readFunctions(): Map<string, string[]> {
  const functions = new Map<string, string[]>();
  for (const section of text.split(/^(?=\[)/m)) {
    const slug = /^\[functions\.([\w-]+)\]/.exec(section)?.[1];
    if (slug) functions.set(slug, section.split("\n").slice(1));
  }
  return functions;
}

function valueOf(lines: readonly string[], key: string): string | undefined {
  const line = lines.find((candidate) => candidate.startsWith(`${key} = `));
  return line && /^\S+ = "([^"]*)"/.exec(line)?.[1];
}

Deno.test("config.toml has each function, with verify_jwt and why, and where its code is", async (test) => {
  const folders = (await readdir(join(SUPABASE, "functions"), { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("_"))
    .map(({ name }) => name);
  const functions = readFunctions();
  assert.deepEqual([...functions.keys()].sort(), [...folders, ...Object.keys(ALIASES)].sort());
  for (const [slug, lines] of functions) {
    await test.step(slug, () => {
      const folder = ALIASES[slug] ?? slug;
      assert.ok(
        lines.some((line) => /^verify_jwt = false # \S.{10,}/.test(line)),
        "verify_jwt = false and its reason",
      );
      assert.equal(valueOf(lines, "entrypoint"), `./functions/${folder}/index.ts`);
      assert.equal(valueOf(lines, "import_map"), `./functions/${folder}/deno.json`);
      assert.ok(existsSync(join(SUPABASE, `functions/${folder}/index.ts`)));
    });
  }
});

Deno.test("each function has the one import map and no lockfile of its own", async (test) => {
  for (const slug of readFunctions().keys()) {
    if (slug in ALIASES) continue;
    await test.step(slug, async () => {
      const config = await readFile(join(SUPABASE, "functions", slug, "deno.json"), "utf8");
      assert.deepEqual(JSON.parse(config), {
        importMap: "../_shared/import_map.json",
        lock: false,
      });
    });
  }
});

Deno.test("only exact versions ship", async () => {
  const path = join(SUPABASE, "functions/_shared/import_map.json");
  const { imports } = JSON.parse(await readFile(path, "utf8"));
  for (const [name, target] of Object.entries(imports)) {
    assert.match(String(target), /^npm:\/?(?:@[\w-]+\/)?[\w-]+@\d+\.\d+\.\d+\/?$/, name);
  }
});
