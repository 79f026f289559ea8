import { join } from "node:path";
import { ReleaseError } from "../release_error.ts";

export type ConfiguredFunction = { slug: string; entrypoint: string; verifyJwt: boolean };

/** The functions of `supabase/config.toml`, in its order, each with the path of its `index.ts`. */
export async function readFunctions(folder: string): Promise<ConfiguredFunction[]> {
  const path = join(folder, "supabase", "config.toml");
  const functions: ConfiguredFunction[] = [];
  for (const section of (await Deno.readTextFile(path)).split(/^(?=\[)/m)) {
    const slug = /^\[functions\.([\w-]+)\]/.exec(section)?.[1];
    if (slug === undefined) continue;
    const entrypoint = /^entrypoint\s*=\s*"([^"]+)"/m.exec(section)?.[1] ??
      `./functions/${slug}/index.ts`;
    functions.push({
      slug,
      entrypoint: join(folder, "supabase", entrypoint),
      verifyJwt: !/^verify_jwt\s*=\s*false/m.test(section),
    });
  }
  return functions;
}

/**
 * The slugs that a release is about: the named ones, or all.
 * @throws ReleaseError `invalid` for one that config.toml doesn't have
 */
export function chooseSlugs(all: readonly string[], named: readonly string[] | null): string[] {
  if (named === null) return [...all];
  const unknown = named.find((slug) => !all.includes(slug));
  if (unknown !== undefined) {
    throw new ReleaseError(
      "invalid",
      `Cannot deploy the function "${unknown}": config.toml has ${all.join(", ")}`,
    );
  }
  return all.filter((slug) => named.includes(slug));
}
