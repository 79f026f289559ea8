import { ReleaseError } from "../release_error.ts";

/** PostgreSQL's own programs. */
export const TOOLS = { pgRestore: "pg_restore", psql: "psql" };
export type Tools = typeof TOOLS;

/** psql's, of a statement that failed: the transaction is taken back. */
const STATEMENT_FAILED = 3;

/**
 * Runs `before`, the rows of a backup and `after` in one transaction, from one program to the other: the
 * rows are in no file. It is committed by a line of its own, after all of the backup was read: of what is
 * cut off anywhere before, psql's input ends without it, and nothing was changed.
 *
 * @param list the lines of the backup's list that are meant, a file
 * @returns null, or why nothing was changed
 * @throws ReleaseError `missing` for a program, `unreachable` where nobody knows whether it was committed
 */
export async function pipeRestore(
  { url, password, dump, list, before, after, signal }: {
    url: string;
    password: string | null;
    dump: string;
    list: string;
    before: string;
    after: string;
    signal?: AbortSignal | undefined;
  },
  { pgRestore, psql }: Tools = TOOLS,
): Promise<string | null> {
  const writer = spawn(psql, {
    args: [
      "--no-psqlrc",
      "--no-password",
      "--quiet",
      "--set=ON_ERROR_STOP=1",
      "--file=-",
      `--dbname=${url}`,
    ],
    env: password === null ? {} : { PGPASSWORD: password },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  const heard = listen(writer.stdout);
  const written = new Response(writer.stderr).text();
  const reader = spawn(pgRestore, {
    args: ["--data-only", "--no-owner", `--use-list=${list}`, "--file=-", dump],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const read = new Response(reader.stderr).text();
  let isCommitting = false;
  const end = () => {
    // What is being committed is waited for.
    if (isCommitting) return;
    for (const child of [reader, writer]) kill(child);
  };
  signal?.addEventListener("abort", end);
  if (signal?.aborted) end();
  const send = async (text: string) => {
    const pen = writer.stdin.getWriter();
    await pen.write(new TextEncoder().encode(text)).finally(() => pen.releaseLock());
  };
  try {
    await send("begin;\n\\echo begun\n");
    // One that doesn't get into the database ends here, and not while it seems to commit.
    if (!await heard.isBegun) throw new Error("it isn't begun");
    await send(`${before}\n`);
    await reader.stdout.pipeTo(writer.stdin, { preventClose: true });
    if ((await reader.status).success && !signal?.aborted) {
      isCommitting = true;
      await send(`\n${after}\ncommit;\n`);
    }
    await writer.stdin.close();
  } catch {
    // psql has ended, and says why. What is left to read is read for nobody.
    kill(reader);
  }
  await heard.ended;
  const [wrote, reads, reason] = [await writer.status, await reader.status, await written];
  signal?.removeEventListener("abort", end);
  if (wrote.success && isCommitting) return null;
  if (isCommitting && wrote.code !== STATEMENT_FAILED) {
    throw new ReleaseError(
      "unreachable",
      `Cannot tell whether the database was restored: ${reason.trim()} (look at it, --step 6)`,
    );
  }
  if (signal?.aborted) return "interrupted";
  // One that is no longer listened to fails as well: psql's reason is the first.
  return wrote.success ? await read || `pg_restore ended with ${reads.code}` : reason;
}

/** All of it is heard: a program that nobody listens to any more ends before it has committed. */
function listen(output: ReadableStream<Uint8Array>) {
  const begun = Promise.withResolvers<boolean>();
  const ended = (async () => {
    for await (const _ of output) begun.resolve(true);
    begun.resolve(false);
  })();
  return { isBegun: begun.promise, ended };
}

function spawn(command: string, options: Deno.CommandOptions): Deno.ChildProcess {
  try {
    return new Deno.Command(command, options).spawn();
  } catch (error) {
    throw missing(command, error);
  }
}

/** What `pg_restore --list` prints. */
export async function listBackup(
  dump: string,
  { pgRestore }: Tools = TOOLS,
): Promise<{ success: boolean; stdout: string; stderr: string }> {
  const command = new Deno.Command(pgRestore, { args: ["--list", dump], stdin: "null" });
  // A command that isn't there is thrown, not rejected.
  const run = async () => await command.output();
  const { success, stdout, stderr } = await run().catch((error) => {
    throw missing(pgRestore, error);
  });
  const decoder = new TextDecoder();
  return { success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

function missing(command: string, error: unknown): ReleaseError {
  return new ReleaseError(
    "missing",
    `Cannot run "${command}": install PostgreSQL 17's client (${(error as Error).message})`,
  );
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGTERM");
  } catch {
    // It ended meanwhile.
  }
}
