import { join } from "node:path";
import { compareAdvisors, isSerious, parseAdvisors } from "../compare_advisors.ts";
import { listPendingMigrations } from "../preflight/list_pending_migrations.ts";
import { explainPush } from "../../local/migrate_database.ts";
import { ReleaseError } from "../release_error.ts";
import type { ReleaseContext } from "../release_context.ts";
import { type CliResult, databaseRemote, explainCli } from "../run_cli.ts";
import type { Step } from "../run_steps.ts";

async function readAdvisors({ runCli, target }: ReleaseContext) {
  const result = await runCli([
    "db",
    "advisors",
    databaseRemote(target),
    "--level=info",
    "--output=json",
  ]);
  if (!result.success) {
    throw new ReleaseError(
      "unreachable",
      `Cannot ask the advisors of "${target.ref}": ${explainCli(result)}`,
    );
  }
  try {
    return parseAdvisors(result.stdout);
  } catch (error) {
    throw new ReleaseError(
      "unreachable",
      `Cannot ask the advisors of "${target.ref}": what the CLI printed isn't understood`,
      { cause: error },
    );
  }
}

/** What the advisors say now and hadn't said before stops the release before the functions. */
async function compare(context: ReleaseContext): Promise<string> {
  const { journal, tell } = context;
  const serious = compareAdvisors(journal.advisorsBefore ?? [], await readAdvisors(context))
    .filter(isSerious);
  for (const { level, title, detail, remediation } of serious) {
    tell(`${level} ${title}: ${detail} (${remediation})`);
  }
  if (serious.length === 0) return "advisors as before";
  throw new ReleaseError(
    "failed",
    `Cannot go on with ${serious.length} new findings of the advisors (above): ` +
      "mend them by a further migration",
  );
}

/**
 * The CLI pushes nothing to a project whose history has what the folder hasn't: another product's, from
 * before ours. It is shown a file for each of those, in a copy, and their history stays as it is.
 */
async function push(context: ReleaseContext): Promise<CliResult> {
  const { runCli, target, facts, checkout, unpackCode } = context;
  const args = ["db", "push", "--include-all", databaseRemote(target)];
  if (facts.otherMigrations.length === 0) return await runCli(args);
  await using code = await unpackCode(checkout);
  const folder = join(code.folder, "supabase", "migrations");
  for (const version of facts.otherMigrations) {
    // Harmless, should somebody take the row away meanwhile.
    await Deno.writeTextFile(join(folder, `${version}_of_another_product.sql`), "select 1;\n");
  }
  return await runCli(args, { cwd: code.folder });
}

/** First the database: what is live goes on with it, since migrations only add. */
export const migrations: Step<ReleaseContext> = {
  name: "migrations",
  plan({ facts }) {
    const { pendingMigrations } = facts;
    return Promise.resolve(
      pendingMigrations.length === 0
        ? "nothing to do"
        : `would apply ${pendingMigrations.length}: ${pendingMigrations.join(", ")}`,
    );
  },
  async run(context) {
    const { journal, facts, save } = context;
    const pending = facts.pendingMigrations;
    // Without a change there is nothing that the advisors could find new.
    if (pending.length === 0 && journal.migrationsPlanned.length === 0) return "none pending";
    journal.advisorsBefore ??= await readAdvisors(context);
    journal.migrationsPlanned = [...new Set([...journal.migrationsPlanned, ...pending])];
    await save();
    const pushed = pending.length === 0 ? null : await push(context);
    const left = pushed === null ? [] : (await listPendingMigrations(context)).pending;
    journal.migrationsApplied = journal.migrationsPlanned.filter((file) => !left.includes(file));
    await save();
    if (pushed !== null && !pushed.success) {
      const reason = explainPush(`${pushed.stdout}\n${pushed.stderr}`)
        .replace(" (--reset starts over)", "");
      throw new ReleaseError("failed", reason);
    }
    if (left.length > 0) {
      throw new ReleaseError("failed", `Cannot find ${left.join(", ")} among what was applied`);
    }
    return `${journal.migrationsApplied.length} applied, ${await compare(context)}`;
  },
  holds: ({ facts }) => Promise.resolve(facts.pendingMigrations.length === 0),
};
