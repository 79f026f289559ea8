import { compareAdvisors, isSerious, parseAdvisors } from "../compare_advisors.ts";
import { describeFindings } from "../preflight/describe_findings.ts";
import { listPendingMigrations } from "../preflight/list_pending_migrations.ts";
import { explainPush } from "../../local/migrate_database.ts";
import { ReleaseError } from "../release_error.ts";
import type { ReleaseContext } from "../release_context.ts";
import { databaseRemote, explainCli } from "../run_cli.ts";
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
  return parseAdvisors(result.stdout);
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
    const { runCli, target, journal, save } = context;
    const { pending } = await listPendingMigrations(context);
    if (journal.advisorsBefore === null) {
      journal.advisorsBefore = await readAdvisors(context);
      await save();
    }
    if (pending.length > 0) {
      await describeFindings(context, pending);
      const result = await runCli(["db", "push", "--include-all", databaseRemote(target)]);
      const { pending: left } = await listPendingMigrations(context);
      const applied = pending.filter((file) => !left.includes(file));
      journal.migrationsApplied = [...new Set([...journal.migrationsApplied, ...applied])];
      await save();
      if (!result.success) {
        const reason = explainPush(`${result.stdout}\n${result.stderr}`)
          .replace(" (--reset starts over)", "");
        throw new ReleaseError("failed", reason);
      }
      if (left.length > 0) {
        throw new ReleaseError("failed", `Cannot find ${left.join(", ")} among what was applied`);
      }
    }
    const compared = await compare(context);
    const { length } = journal.migrationsApplied;
    return `${length === 0 ? "none pending" : `${length} applied`}, ${compared}`;
  },
  async holds(context) {
    return (await listPendingMigrations(context)).pending.length === 0;
  },
};
