import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { findPostgresFolder } from "./find_binary.ts";
import { openDatabase } from "./open_database.ts";
import { StackError } from "./stack_error.ts";
import { type SupervisedProcess, superviseProcess, type Supervision } from "./supervise_process.ts";

const MAJOR_VERSION = "17";
/** PostgreSQL refuses to run as root: `nobody` needs no account to be made. */
const UNPRIVILEGED = { uid: 65_534, gid: 65_534 };

async function mayTraverse(folder: string): Promise<boolean> {
  for (let path = folder; path !== dirname(path); path = dirname(path)) {
    const { mode } = await Deno.stat(path).catch(() => ({ mode: 0o755 }));
    if (((mode ?? 0) & 0o001) === 0) return false;
  }
  return true;
}

/** A folder that outlives reboots and is open to other users, for a checkout in root's home. */
function openFolder(original: string): string {
  const name = createHash("sha256").update(original).digest("hex").slice(0, 12);
  return join("/var/tmp", `switchboard-${name}`);
}

/** Where the server's files are for this state folder; elsewhere when `nobody` can't go there. */
export async function chooseDataFolder(stateFolder: string): Promise<string> {
  if (Deno.uid() !== 0 || await mayTraverse(stateFolder)) return join(stateFolder, "postgres");
  return openFolder(stateFolder);
}

async function chooseBinaries(): Promise<string> {
  const folder = await findPostgresFolder();
  if (Deno.uid() !== 0 || await mayTraverse(folder)) return folder;
  const copy = openFolder(folder);
  if (await Deno.stat(join(copy, "bin", "postgres")).catch(() => undefined) === undefined) {
    await new Deno.Command("cp", { args: ["-R", folder, copy] }).output();
  }
  return copy;
}

async function initialize(binaries: string, dataFolder: string, env: Record<string, string>) {
  const version = await Deno.readTextFile(join(dataFolder, "PG_VERSION")).catch(() => undefined);
  if (version !== undefined) {
    if (version.trim() === MAJOR_VERSION) return;
    throw new StackError(
      `Cannot open "${dataFolder}": it belongs to PostgreSQL ${version.trim()}, this is ${MAJOR_VERSION}; start with --reset`,
    );
  }
  await Deno.remove(dataFolder, { recursive: true }).catch(() => {});
  await Deno.mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const isRoot = Deno.uid() === 0;
  if (isRoot) await Deno.chown(dataFolder, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
  const { success, stderr, stdout } = await new Deno.Command(join(binaries, "bin", "initdb"), {
    args: [
      ["-D", dataFolder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "-N"],
      ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"],
    ].flat(),
    cwd: "/",
    env,
    clearEnv: true,
    ...(isRoot ? UNPRIVILEGED : {}),
  }).output();
  if (success) return;
  await Deno.remove(dataFolder, { recursive: true }).catch(() => {});
  const text = new TextDecoder().decode(stderr) || new TextDecoder().decode(stdout);
  throw new StackError(`Cannot create "${dataFolder}": ${text.trim().split("\n").at(-1)}`);
}

/**
 * PostgreSQL 17 on 127.0.0.1, as durable as in production (fsync and synchronous commit on).
 * @returns its superuser URL and the data API's; anybody on this machine may connect, as to any
 * local demo database
 */
export async function startPostgres(
  { stateFolder, port, supervision }: {
    stateFolder: string;
    port: number;
    supervision: Supervision;
  },
): Promise<{ process: SupervisedProcess; url: string; wireUrl: string }> {
  const binaries = await chooseBinaries();
  const dataFolder = await chooseDataFolder(stateFolder);
  const env = { LC_ALL: "C", TZ: "UTC", PATH: Deno.env.get("PATH") ?? "" };
  await initialize(binaries, dataFolder, env);
  const url = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
  const settings = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: "",
    max_connections: "100",
    shared_buffers: "128MB",
    fsync: "on",
    synchronous_commit: "on",
    timezone: "UTC",
    log_timezone: "UTC",
  };
  const process = superviseProcess({
    name: "postgres",
    command: join(binaries, "bin", "postgres"),
    args: [
      "-D",
      dataFolder,
      ...Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]),
    ],
    env,
    cwd: "/",
    ...(Deno.uid() === 0 ? { user: UNPRIVILEGED } : {}),
    // Fast shutdown: ends the sessions, writes everything out.
    stopSignal: "SIGINT",
    // After a crash its sessions may hold the shared memory for another moment.
    attempts: 12,
    async isReady() {
      const database = openDatabase(url, { connections: 1 });
      try {
        await database.query("select 1");
        return true;
      } finally {
        await database.close();
      }
    },
  }, supervision);
  return { process, url, wireUrl: url.replace("//postgres:", "//authenticator:") };
}
