import { dirname, join, normalize } from "node:path";
import type { LiveFunction } from "../management/schemas.ts";
import { ReleaseError } from "../release_error.ts";
import { walk } from "./walk.ts";

/** Of a project's folder, where the functions are. */
export const FUNCTIONS = "supabase/functions";

/** What a deployment is told of a function; paths from the project's folder on. */
export type Wiring = { entrypoint: string; importMap: string | null };

const ENTRYPOINTS = ["index.ts", "index.js", "index.tsx", "index.jsx", "index.mjs"];

/** Where the CLI looks for one, in its order; the last is for all functions that have none. */
const listMaps = (slug: string) => [
  ...["deno.json", "deno.jsonc", "import_map.json"].map((name) => `${FUNCTIONS}/${slug}/${name}`),
  `${FUNCTIONS}/import_map.json`,
];

/**
 * As what is live was deployed, where those files are there, and else as the CLI would find them.
 *
 * @param root the folder above `supabase/`
 * @throws ReleaseError `missing`
 */
export async function findWiring(
  { slug, root, live = {} }: {
    slug: string;
    root: string;
    live?: Pick<LiveFunction, "entrypoint" | "importMap"> | undefined;
  },
): Promise<Wiring> {
  const findFirst = async (paths: (string | undefined)[]) => {
    for (const path of paths) {
      if (path === undefined) continue;
      if (await Deno.stat(join(root, path)).then(({ isFile }) => isFile, () => false)) return path;
    }
    return null;
  };
  const entrypoint = await findFirst([
    live.entrypoint,
    ...ENTRYPOINTS.map((name) => `${FUNCTIONS}/${slug}/${name}`),
  ]);
  if (entrypoint === null) {
    throw new ReleaseError("missing", `Cannot find where "${slug}" begins: it has no index.ts`);
  }
  return { entrypoint, importMap: await findFirst([live.importMap, ...listMaps(slug)]) };
}

/**
 * Copies of a folder of functions what one of them may reach, as the project's folder `into`: its own
 * folder, those that begin with an underscore, the files beside them, and the import map that what is
 * live was deployed with, though it be elsewhere.
 *
 * @param withAll the other functions' folders too
 * @throws ReleaseError `missing`
 */
export async function copySource(
  { slug, source, into, live = {}, withAll = false }: {
    slug: string;
    source: string;
    into: string;
    live?: Pick<LiveFunction, "entrypoint" | "importMap"> | undefined;
    withAll?: boolean;
  },
): Promise<void> {
  const [, elsewhere] = new RegExp(`^${FUNCTIONS}/([^/]+)/`).exec(live.entrypoint ?? "") ?? [];
  const own = [slug, ...(elsewhere === undefined ? [] : [elsewhere])];
  let isThere = false;
  for await (const { name, isDirectory, isFile } of readFolder(source)) {
    if (name.startsWith(".")) continue;
    if (isFile) await copy(join(source, name), join(into, FUNCTIONS, name));
    if (!isDirectory || !(withAll || name.startsWith("_") || own.includes(name))) continue;
    isThere ||= own.includes(name);
    for (const path of await walk(join(source, name))) {
      await copy(join(source, name, path), join(into, FUNCTIONS, name, path));
    }
  }
  if (!isThere) {
    throw new ReleaseError(
      "missing",
      `Cannot find the source of "${slug}": there is no folder "${join(source, slug)}"`,
    );
  }
  const map = live.importMap;
  if (map === undefined || map.startsWith(`${FUNCTIONS}/`) || normalize(map).startsWith("..")) {
    return;
  }
  // The project's folder is the one above `supabase/`.
  await copy(join(source, "..", "..", map), join(into, map)).catch(() => {});
}

async function* readFolder(path: string): AsyncIterable<Deno.DirEntry> {
  try {
    yield* Deno.readDir(path);
  } catch (error) {
    throw new ReleaseError("missing", `Cannot read "${path}": ${(error as Error).message}`);
  }
}

async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(dirname(to), { recursive: true });
  await Deno.copyFile(from, to);
}
