import { join } from "node:path";
import { walk } from "../legacy/walk.ts";
import { ReleaseError } from "../release_error.ts";
import type { CliResult } from "../run_cli.ts";
import type { RollbackContext } from "./rollback_context.ts";

/**
 * Deploys functions that are folders beside each other, from a copy with a configuration of its own:
 * providers call them, who have no token of the project's.
 *
 * @throws ReleaseError `not_found`
 */
export async function redeployFolders(
  { runCli, target, print }: RollbackContext,
  { from, functions }: { from: string; functions: string[] | null },
): Promise<{ slugs: string[]; outcome: CliResult }> {
  const there = await listFolders(from);
  const slugs = functions ?? there;
  const missing = slugs.find((slug) => !there.includes(slug));
  if (missing !== undefined || slugs.length === 0) {
    throw new ReleaseError(
      "not_found",
      `Cannot find the function "${missing ?? "*"}": "${from}" has ${there.join(", ") || "none"}`,
    );
  }
  const folder = await Deno.makeTempDir({ prefix: "switchboard-legacy-" });
  try {
    for (const name of await listFolders(from, { withShared: true })) {
      for (const path of await walk(join(from, name))) {
        const to = join(folder, "supabase", "functions", name, path);
        await Deno.mkdir(join(to, ".."), { recursive: true });
        await Deno.copyFile(join(from, name, path), to);
      }
    }
    for (const slug of slugs) await giveConfiguration(join(folder, "supabase", "functions", slug));
    const sections = slugs.map((slug) => `[functions.${slug}]\nverify_jwt = false\n`);
    await Deno.writeTextFile(
      join(folder, "supabase", "config.toml"),
      `project_id = "legacy"\n\n${sections.join("\n")}`,
    );
    const outcome = await runCli(
      ["functions", "deploy", ...slugs, "--use-api", `--remote=${target.ref}`],
      { cwd: folder },
    );
    if (outcome.success) print(`deployed ${slugs.join(", ")}`);
    return { slugs, outcome };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const CONFIGURATIONS = ["deno.json", "deno.jsonc", "import_map.json"];

/** One without any would be looked for a map that isn't there. */
async function giveConfiguration(folder: string): Promise<void> {
  for (const name of CONFIGURATIONS) {
    if (await Deno.stat(join(folder, name)).then(() => true, () => false)) return;
  }
  await Deno.writeTextFile(join(folder, "deno.json"), `{ "imports": {} }\n`);
}

/** Folders that are functions, by the platform's rule: no underscore in front. */
async function listFolders(from: string, { withShared = false } = {}): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(from)) {
      const isShared = name.startsWith("_") || name.startsWith(".");
      if (isDirectory && (withShared ? !name.startsWith(".") : !isShared)) names.push(name);
    }
  } catch (error) {
    throw new ReleaseError("not_found", `Cannot read "${from}": ${(error as Error).message}`);
  }
  return names.sort();
}
