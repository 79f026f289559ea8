import { isRecent, judgeBackups } from "../preflight/judge_backups.ts";
import {
  checkSecrets,
  describeChanges,
  listVariables,
  PROOF_SECRETS,
} from "../preflight/check_secrets.ts";
import { confirmTests, readTree } from "../preflight/confirm_tests.ts";
import { listPendingMigrations } from "../preflight/list_pending_migrations.ts";
import { chooseSlugs, readFunctions } from "../preflight/read_functions.ts";
import { describeFindings } from "../preflight/describe_findings.ts";
import { findProofSecret } from "../proofs/find_proof_secret.ts";
import { readBaseline } from "../watch/read_baseline.ts";
import { PROJECT_VARIABLE } from "../read_target.ts";
import { ReleaseError } from "../release_error.ts";
import type { ReleaseContext } from "../release_context.ts";
import type { Step } from "../run_steps.ts";
import { checkWritable } from "./secrets.ts";
import { findSupabaseCli } from "../../local/find_binary.ts";
import { StackError } from "../../local/stack_error.ts";

type Check = { name: string; look(context: ReleaseContext): Promise<string> };

const shorten = (names: readonly string[]) =>
  `${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : ""}`;

const stop = (message: string) => new ReleaseError("failed", message);

const CHECKS: Check[] = [
  {
    name: "checkout",
    async look({ checkout }) {
      const { changes } = await readTree(checkout.folder);
      if (changes.length === 0) return `commit ${checkout.commit.slice(0, 7)}, nothing changed`;
      const shown = changes.slice(0, 5).map((line) => line.trim()).join(", ");
      throw stop(`Cannot release what no commit holds: ${changes.length} changes (${shown})`);
    },
  },
  {
    name: "tests",
    look({ options, checkout, fetch, clock, pause, tell }) {
      if (options.skipTests !== null) {
        return Promise.resolve(`SKIPPED: ${options.skipTests}`);
      }
      return confirmTests(checkout, {
        read: (name) => Deno.env.get(name),
        fetch,
        clock,
        pause,
        tell,
      });
    },
  },
  {
    name: "CLI",
    // That it runs shows with the migrations.
    look: () => findSupabaseCli(),
  },
  {
    name: "project",
    async look({ management, target, facts, ops }) {
      const project = await management.readProject(target.ref);
      facts.databaseVersion = project.databaseVersion;
      if (project.status !== "ACTIVE_HEALTHY") {
        throw stop(`Cannot release to "${project.name}": the project is ${project.status}`);
      }
      if (ops === null) {
        throw new ReleaseError(
          "missing",
          `Cannot prove a release of "${project.name}": SUPABASE_SECRET_KEY is not set; ` +
            "it is in the dashboard's settings, API keys",
        );
      }
      return `"${project.name}" in ${project.region}, PostgreSQL ${project.databaseVersion ?? "?"}`;
    },
  },
  {
    name: "functions",
    async look({ checkout, facts, options, management, target }) {
      const live = await management.listFunctions(target.ref);
      facts.liveVersions = Object.fromEntries(live.map(({ slug, version }) => [slug, version]));
      facts.slugs = (await readFunctions(checkout.folder)).map(({ slug }) => slug);
      return chooseSlugs(facts.slugs, options.functions).join(", ");
    },
  },
  {
    name: "secrets",
    async look({ checkout, management, target, tell }) {
      const live = await management.listSecretNames(target.ref);
      const readers = await listVariables(checkout.folder);
      const report = checkSecrets({ readers, live, file: target.secrets });
      // Found out now, and not when the new code is live and can't be proven.
      for (const name of PROOF_SECRETS) findProofSecret(target, name);
      const from = target.envFile ?? "the file given by --env-file";
      if (report.missing.length > 0) {
        throw new ReleaseError(
          "missing",
          `Cannot release without ${report.missing.join("; ")}: put it into ${from}`,
        );
      }
      if (report.malformed.length > 0) {
        throw new ReleaseError("invalid", `Cannot set ${report.malformed.join("; ")}`);
      }
      const different = await checkWritable({ management, target });
      if (report.unknown.length > 0) {
        tell(`note: no function reads ${report.unknown.join(", ")}`);
      }
      if (target.envFile !== null && target.secrets[PROJECT_VARIABLE] === undefined) {
        tell(
          `note: ${target.envFile} doesn't say whose it is: ${PROJECT_VARIABLE}=${target.ref} in it ` +
            "keeps its values from every other project",
        );
      }
      return describeChanges({ different, live });
    },
  },
  {
    name: "migrations",
    async look(context) {
      const { facts, tell } = context;
      const { pending, foreign, others } = await listPendingMigrations(context);
      facts.pendingMigrations = pending;
      facts.otherMigrations = others;
      if (foreign.length > 0) {
        throw stop(
          `Cannot release an older checkout: the project has ${foreign.length} migrations that ` +
            `aren't in it (${shorten(foreign)}); merge what brought them, or, where ` +
            "another product did, take them out of the history, which changes no table: " +
            `supabase migration repair --status reverted ${foreign.join(" ")} ` +
            `--remote=${context.target.ref}`,
        );
      }
      if (others.length > 0) {
        tell(`note: ${others.length} migrations of another product stay (${shorten(others)})`);
      }
      if (pending.length === 0) return "none pending";
      for (const file of pending) tell(`pending ${file}`);
      return `${pending.length} pending, ${await describeFindings(context, pending)}`;
    },
  },
  {
    name: "backup",
    async look({ management, target, options, clock }) {
      if (options.backup) return "taken by the next step";
      const { isRecent, words } = judgeBackups(await management.listBackups(target.ref), clock());
      if (isRecent) return words;
      if (target.environment === "staging") return `NONE RECENT, as staging may: ${words}`;
      throw new ReleaseError(
        "missing",
        `Cannot release to production without a recent backup: ${words}; --backup takes one`,
      );
    },
  },
  {
    name: "baseline",
    async look({ ops, journal, save, clock }) {
      // Until the functions are replaced a new look is one at what was before as well.
      const isOld = journal.baseline !== null && journal.functionsBefore === null &&
        !isRecent(Date.parse(journal.baseline.at), clock());
      if ((journal.baseline === null || isOld) && ops !== null) {
        journal.baseline = await readBaseline(ops, clock()) ?? journal.baseline;
        await save();
      }
      if (journal.baseline === null) {
        return "none: ops doesn't answer yet, as before a first release";
      }
      const { percent, enabled, openAlerts } = journal.baseline;
      return `${percent} % inside${
        enabled ? "" : ", switched off"
      }, ${openAlerts.length} open alerts`;
    },
  },
];

/** Everything is looked at, so that one run tells all that is missing. */
async function look(context: ReleaseContext): Promise<string> {
  const reasons: Error[] = [];
  for (const check of CHECKS) {
    try {
      context.tell(`${check.name}: ${await check.look(context)}`);
    } catch (error) {
      if (!(error instanceof ReleaseError || error instanceof StackError)) throw error;
      context.tell(`${check.name}: NO. ${error.message}`);
      reasons.push(error);
      // Without the token or the project, what follows would say the same again and again.
      if (["CLI", "project"].includes(check.name) && error.name === "ReleaseError") break;
    }
  }
  const [first] = reasons;
  if (first === undefined) return "ready";
  if (reasons.length === 1) throw first;
  throw new ReleaseError("failed", reasons.map(({ message }) => message).join("\n"));
}

/** Reads and compares; changes nothing. */
export const preflight: Step<ReleaseContext> = { name: "preflight", plan: look, run: look };
