/**
 * Runs supabase/tests with pgTAP in an in-process PostgreSQL that holds nothing but the bootstrap
 * and the migrations. Every file runs in a transaction that is rolled back.
 *
 *   deno run -A scripts/local/pgtap.ts [part of a path] [--half=1|2]
 */
import { PGlite } from "@electric-sql/pglite";
import { pgcrypto } from "@electric-sql/pglite/contrib/pgcrypto";
import { uuid_ossp } from "@electric-sql/pglite/contrib/uuid_ossp";
import { pgtap } from "@electric-sql/pglite-pgtap";
import { vector } from "@electric-sql/pglite-pgvector";
import { dirname, join, relative } from "node:path";
import { type Assertion, findTapFault, parseTap } from "./parse_tap.ts";
import { printLine } from "./print_line.ts";
import { REPOSITORY } from "./repository.ts";

const MIGRATIONS_FOLDER = join(REPOSITORY, "supabase", "migrations");
const TESTS_FOLDER = join(REPOSITORY, "supabase", "tests");

export type PgtapOptions = {
  /** Only files whose path contains it. */
  filter?: string;
  /** One of two processes that share the files: each takes every other one. */
  half?: 1 | 2;
  write: (line: string) => void;
};

/** Answers how many assertions passed and failed; a file that can't run counts as one failed. */
export async function runPgtap(
  { filter = "", half, write }: PgtapOptions,
): Promise<{ passed: number; failed: number }> {
  const files = (await findTests(TESTS_FOLDER))
    .filter((file) => relative(REPOSITORY, file).includes(filter))
    .filter((_file, place) => half === undefined || place % 2 === half - 1);
  let database = await openMigratedDatabase();
  let isWorn = false;
  const total = { passed: 0, failed: 0 };
  try {
    for (const file of files) {
      if (isWorn) {
        await database.close();
        database = await openMigratedDatabase();
      }
      const { passed, failures } = await runTest(database, file);
      isWorn = await readMegabytes(database) > MOST_MEGABYTES ||
        /^analyze\b/m.test(await Deno.readTextFile(file));
      total.passed += passed;
      total.failed += failures.length;
      const name = relative(TESTS_FOLDER, file);
      write(failures.length === 0 ? `ok      ${name} (${passed})` : `FAILED  ${name}`);
      for (const { description, diagnostics } of failures) {
        write(`  not ok: ${description}`);
        for (const diagnostic of diagnostics) write(`    ${diagnostic}`);
      }
    }
  } finally {
    await database.close();
  }
  return total;
}

/**
 * A test is rolled back, but its rows stay as dead ones, and what `analyze` told the planner stays
 * true for nobody: a database with much of either is left for a new one.
 */
const MOST_MEGABYTES = 250;

async function readMegabytes(database: PGlite): Promise<number> {
  const { rows } = await database.query<{ megabytes: number }>(
    "select (pg_database_size(current_database()) / 1048576)::int as megabytes",
  );
  return rows[0]!.megabytes;
}

async function findTests(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) files.push(...await findTests(path));
    else if (entry.name.endsWith(".test.sql")) files.push(path);
  }
  return files.sort();
}

/** PostgreSQL in this process, with everything that the migrations make and pgTAP. */
export async function openMigratedDatabase(): Promise<PGlite> {
  const database = await PGlite.create({ extensions: { pgcrypto, pgtap, uuid_ossp, vector } });
  const migrations = Array.from(Deno.readDirSync(MIGRATIONS_FOLDER), (entry) => entry.name)
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => join(MIGRATIONS_FOLDER, name));
  for (const file of [join(REPOSITORY, "scripts", "local", "bootstrap.sql"), ...migrations]) {
    try {
      const script = await Deno.readTextFile(file);
      await database.transaction((transaction) => transaction.exec(script));
    } catch (error) {
      throw new Error(`Cannot apply "${relative(REPOSITORY, file)}": ${readMessage(error)}`);
    }
  }
  await database.exec("create extension pgtap with schema extensions");
  return database;
}

async function runTest(
  database: PGlite,
  file: string,
): Promise<{ passed: number; failures: Assertion[] }> {
  const output: string[] = [];
  try {
    for (const { rows } of await database.exec(await readScript(file), { rowMode: "array" })) {
      for (const row of rows as unknown as unknown[][]) {
        if (typeof row[0] === "string") output.push(row[0]);
      }
    }
  } catch (error) {
    return { passed: 0, failures: [fail(`cannot run: ${readMessage(error)}`)] };
  } finally {
    await database.exec("rollback");
  }
  const report = parseTap(output);
  const fault = findTapFault(report);
  const failures = report.assertions.filter((assertion) => !assertion.passed);
  return {
    passed: report.assertions.length - failures.length,
    failures: fault === null ? failures : [...failures, fail(fault)],
  };
}

/** The script with its `\ir <file>` lines, psql's includes, put in their place. */
async function readScript(file: string): Promise<string> {
  const lines = (await Deno.readTextFile(file)).split("\n").map(async (line) => {
    const [, included] = /^\\ir\s+(\S+)\s*$/.exec(line) ?? [];
    return included === undefined ? line : await readScript(join(dirname(file), included));
  });
  return (await Promise.all(lines)).join("\n");
}

function fail(description: string): Assertion {
  return { passed: false, description, diagnostics: [] };
}

/** PostgreSQL's message, with the statement's place in a function when it has one. */
function readMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { detail, hint, where } = error as { detail?: string; hint?: string; where?: string };
  return [error.message, detail, hint, where].filter(Boolean).join("\n    ");
}

if (import.meta.main) {
  const half = ([1, 2] as const).find((half) => Deno.args.includes(`--half=${half}`));
  const filter = Deno.args.find((argument) => !argument.startsWith("--half=")) ?? "";
  const { passed, failed } = await runPgtap({
    filter,
    ...(half === undefined ? {} : { half }),
    write: printLine,
  });
  if (passed + failed === 0) printLine(`Cannot find a test whose path contains "${filter}"`);
  printLine(`${passed} passed, ${failed} failed`);
  Deno.exit(failed > 0 || passed === 0 ? 1 : 0);
}
