import { join } from "node:path";
import { FUNCTIONS, type Wiring } from "../legacy/gather_source.ts";
import { ReleaseError } from "../release_error.ts";
import { explainCli } from "../run_cli.ts";
import type { RollbackContext } from "./rollback_context.ts";

/** `root` is the folder above its `supabase/`, which is written to: a copy. */
export type OlderFunction = Wiring & { slug: string; root: string; verifyJwt: boolean };

/**
 * Deploys functions as they were, each by a configuration that says how.
 *
 * @returns their slugs
 * @throws ReleaseError `failed`, naming the one that wasn't deployed
 */
export async function redeployFolders(
  { runCli, target, print }: Pick<RollbackContext, "runCli" | "target" | "print">,
  older: readonly OlderFunction[],
): Promise<string[]> {
  for (const one of older) {
    const { slug, root } = one;
    const importMap = one.importMap ?? await writeEmptyMap(one);
    await Deno.mkdir(join(root, "supabase"), { recursive: true });
    await Deno.writeTextFile(
      join(root, "supabase", "config.toml"),
      describe({ ...one, importMap }),
    );
    const outcome = await runCli(
      ["functions", "deploy", slug, "--use-api", `--remote=${target.ref}`],
      { cwd: root },
    );
    if (!outcome.success) {
      throw new ReleaseError(
        "failed",
        `Cannot deploy the older function "${slug}": ${explainCli(outcome)}`,
      );
    }
    print(`deployed ${slug}, verify_jwt ${one.verifyJwt}`);
  }
  return older.map(({ slug }) => slug);
}

/** Without any, the CLI would look for the one of all functions, which isn't there. */
async function writeEmptyMap({ slug, root }: OlderFunction): Promise<string> {
  const path = `${FUNCTIONS}/${slug}/deno.json`;
  await Deno.mkdir(join(root, FUNCTIONS, slug), { recursive: true });
  await Deno.writeTextFile(join(root, path), `{ "imports": {} }\n`);
  return path;
}

/** The CLI's configuration; its paths begin at `supabase/`. */
function describe({ slug, verifyJwt, entrypoint, importMap }: OlderFunction): string {
  const fromSupabase = (path: string | null) =>
    JSON.stringify((path ?? "").replace(/^(?!supabase\/)/, "../").replace(/^supabase\//, "./"));
  return [
    'project_id = "legacy"',
    "",
    `[functions.${slug}]`,
    `verify_jwt = ${verifyJwt}`,
    `entrypoint = ${fromSupabase(entrypoint)}`,
    `import_map = ${fromSupabase(importMap)}`,
    "",
  ].join("\n");
}
