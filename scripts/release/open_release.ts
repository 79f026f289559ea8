import { join } from "node:path";
import { listMigrations } from "../local/migrate_database.ts";
import { findOvertaken } from "./find_overtaken.ts";
import { createJournal, type Journal, journalPath, listJournals, saveJournal } from "./journal.ts";
import { createManagement } from "./management/create_management.ts";
import { createOps } from "./ops/create_ops.ts";
import { readTree } from "./preflight/confirm_tests.ts";
import type { Target } from "./read_target.ts";
import type { Checkout, DeployOptions, ReleaseContext } from "./release_context.ts";
import { ReleaseError } from "./release_error.ts";
import { runCli } from "./run_cli.ts";
import { readVersionText } from "./stamp_version.ts";
import { unpackCode } from "./unpack_code.ts";

async function readCheckout(folder: string): Promise<Checkout> {
  const path = join(folder, "supabase", "functions", "_shared", "version.ts");
  const version = readVersionText(await Deno.readTextFile(path));
  if (version === null) {
    throw new ReleaseError("failed", `Cannot read the version of "${folder}": ${path} has none`);
  }
  return { folder, version, commit: (await readTree(folder)).commit };
}

/**
 * The journal to go on with, or a new one: a release that stopped is resumed on its own commit.
 * @throws ReleaseError `missing` where `resume` has nothing to resume
 */
export function chooseJournal(
  journals: readonly Journal[],
  { commit, resume, create }: { commit: string; resume: boolean; create: () => Journal },
): Journal {
  const [last] = journals;
  const isStopped = last !== undefined && last.finishedAt === null;
  if (isStopped && last.commit === commit) return last;
  if (!resume) return create();
  throw new ReleaseError(
    "missing",
    isStopped
      ? `Cannot resume: the release that stopped is of ${last.commit.slice(0, 7)}, ` +
        `this is ${commit.slice(0, 7)}; git checkout ${last.commit.slice(0, 7)}`
      : "Cannot resume: no release of this project stopped here",
  );
}

/**
 * A new release after one that stopped, of another commit: what that one brought is still to be judged
 * against what the advisors said before it.
 *
 * @param files migrations of this checkout: one that isn't there was never applied, or the preflight
 *   stops at it
 */
export function inheritStopped(
  journal: Journal,
  { journals, files }: { journals: readonly Journal[]; files: readonly string[] },
): Journal {
  const [last] = journals;
  if (last === undefined || last.finishedAt !== null || last.advisorsBefore === null) {
    return journal;
  }
  const keep = (migrations: string[]) => migrations.filter((file) => files.includes(file));
  return {
    ...journal,
    advisorsBefore: last.advisorsBefore,
    migrationsPlanned: keep(last.migrationsPlanned),
    migrationsApplied: keep(last.migrationsApplied),
  };
}

/** Whether it did anything to the project: one that stopped at its preflight says nothing of it. */
const hasChanged = ({ migrationsPlanned, secretsSet, functionsBefore }: Journal) =>
  migrationsPlanned.length > 0 || secretsSet.length > 0 || functionsBefore !== null;

/**
 * A project is staging or production for good: one that got releases as the one isn't given the other's
 * secrets. A rehearsed one (by a profile) is both.
 *
 * @throws ReleaseError `refused`
 */
export function requireSameEnvironment(
  journals: readonly Journal[],
  { environment, ref, profile }: Pick<Target, "environment" | "ref" | "profile">,
  localFolder: string,
): void {
  const last = journals.find(hasChanged);
  if (last === undefined || last.environment === environment || profile !== null) return;
  throw new ReleaseError(
    "refused",
    `Cannot take "${ref}" for ${environment}: release "${last.id}" from here was to ` +
      `${last.environment}; give --env ${last.environment}, or where that was the mistake move ` +
      `${journalPath(localFolder, last)} away`,
  );
}

type Surroundings =
  & Pick<ReleaseContext, "fetch" | "checkMigrations" | "clock" | "pause" | "signal">
  & { print(line: string): void; isDry: boolean };

/**
 * Everything that the steps of a release work with. Of a release that stopped, only while nothing else was
 * deployed since.
 *
 * @throws ReleaseError `missing` or `refused` where there is nothing to resume, or not as it was
 */
export async function openRelease(
  { target, options, folder, resume }: {
    target: Target;
    options: DeployOptions;
    folder: string;
    resume: boolean;
  },
  { print, isDry, ...surroundings }: Surroundings,
): Promise<ReleaseContext> {
  const checkout = await readCheckout(folder);
  const { commit, version } = checkout;
  const localFolder = join(folder, ".local");
  const { ref, environment, projectUrl, secretKey } = target;
  const journals = await listJournals(localFolder, ref);
  requireSameEnvironment(journals, target, localFolder);
  const files = (await listMigrations(join(folder, "supabase", "migrations")))
    .map(({ file }) => file);
  const now = new Date(surroundings.clock());
  const management = createManagement(target, surroundings.fetch);
  const create = () => {
    const created = createJournal({ ref, environment, commit, version, now });
    return inheritStopped(created, { journals, files });
  };
  let journal = chooseJournal(journals, { commit, resume, create });
  const overtaken = await findOvertaken(journal, { ...surroundings, management, target });
  if (overtaken.length > 0) {
    const what = `since release "${journal.id}" stopped something else deployed ${
      overtaken.join(", ")
    }`;
    if (resume) {
      throw new ReleaseError(
        "refused",
        `Cannot resume: ${what}; without --resume a release of this commit begins anew`,
      );
    }
    print(`note: ${what}; this release begins anew`);
    journal = create();
  }
  return {
    ...surroundings,
    target,
    options,
    checkout,
    journal,
    facts: {
      slugs: [],
      pendingMigrations: [],
      otherMigrations: [],
      databaseVersion: null,
      liveVersions: null,
    },
    save: () => isDry ? Promise.resolve() : saveJournal(localFolder, journal),
    management,
    ops: secretKey === null ? null : createOps({ projectUrl, secretKey }, surroundings.fetch),
    runCli: (args, { cwd = folder } = {}) =>
      runCli(target, args, { cwd, signal: surroundings.signal }),
    unpackCode: (release) => unpackCode(release, folder),
    tell: (line) => print(`      ${line}`),
  };
}
