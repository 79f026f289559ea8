import { join } from "node:path";
import { platformName } from "../local/find_binary.ts";
import { fail, type Finding, pass } from "./finding.ts";

/** A package as the project pins it, and as it is installed; null where it isn't. */
export type PinnedPackage = { name: string; wanted: string; installed: string | null };

const INSTALL = "npx -y deno@2.9.6 install";

export function checkPackages(packages: readonly PinnedPackage[]): Finding[] {
  const wrong = packages.filter(({ wanted, installed }) => installed !== wanted);
  if (wrong.length === 0) {
    return [pass("packages", `${packages.length} packages are installed as they are pinned`)];
  }
  return wrong.map(({ name, wanted, installed }) =>
    fail(
      "packages",
      installed === null
        ? `${name}@${wanted} is not installed`
        : `${name} is ${installed}, and pinned at ${wanted}`,
      INSTALL,
    )
  );
}

/** Packages that the lockfile doesn't know at their pinned version. */
export function checkLock(packages: readonly PinnedPackage[], lockfile: string | null): Finding[] {
  if (lockfile === null) {
    return [fail("lock", "deno.lock is missing", "git checkout -- deno.lock")];
  }
  const { specifiers = {} } = JSON.parse(lockfile) as { specifiers?: Record<string, string> };
  const unknown = packages.filter(({ name, wanted }) =>
    specifiers[`npm:${name}@${wanted}`] === undefined
  );
  return unknown.length === 0 ? [pass("lock", "deno.lock knows every pinned package")] : [fail(
    "lock",
    `deno.lock doesn't know ${
      unknown.map(({ name, wanted }) => `${name}@${wanted}`).join(", ")
    } as pinned`,
    `${INSTALL}, and commit deno.lock`,
  )];
}

/** What ships and what develops it: the import map's packages and package.json's. */
export async function readPackages(folder: string): Promise<PinnedPackage[]> {
  const read = async (path: string) => JSON.parse(await Deno.readTextFile(join(folder, path)));
  const { imports } = await read("supabase/functions/_shared/import_map.json") as {
    imports: Record<string, string>;
  };
  const { devDependencies } = await read("package.json") as {
    devDependencies: Record<string, string>;
  };
  // Another machine has those of its own, or takes them from the PATH.
  const isOurs = ([name]: [string, string]) =>
    !name.includes("linux-x64") || platformName() === "linux-x64";
  const pins = new Map(Object.entries(devDependencies).filter(isOurs));
  for (const target of Object.values(imports)) {
    const [, name, wanted] = /^npm:\/?((?:@[^/@]+\/)?[^/@]+)@([^/]+)/.exec(target) ?? [];
    if (name !== undefined && wanted !== undefined) pins.set(name, wanted);
  }
  return await Promise.all(
    [...pins].map(async ([name, wanted]) => {
      const installed = await read(`node_modules/${name}/package.json`)
        .then(({ version }: { version: string }) => version.replace(/^v/, ""), () => null);
      return { name, wanted, installed };
    }),
  );
}
