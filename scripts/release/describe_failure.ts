import type { Journal } from "./journal.ts";

/** What is live when a release stopped. */
export type LiveState = {
  /** Slug → version; null where the API doesn't say. */
  functions: Record<string, number> | null;
  /** Null where `ops` doesn't say. */
  rollout: { percent: number; enabled: boolean } | null;
  /**
   * The commit whose functions were deployed again, and which aren't ready all the same; null where
   * they couldn't be asked.
   */
  restored: { commit: string; unready: string[] | null } | null;
};

export type Commands = {
  resume: string;
  /** To the code before; null where none is known. */
  code: string | null;
  /** Whether that is known to have been live, and not only the newest that is listed. */
  isCodeSure: boolean;
  quick: string;
};

function describeFunctions({ functionsBefore }: Journal, live: LiveState): string {
  const { functions, restored } = live;
  if (restored !== null) {
    const { commit, unready } = restored;
    const state = unready === null
      ? "whether they are ready is unknown"
      : unready.length === 0
      ? "all ready"
      : `NOT READY: ${unready.join(", ")}`;
    return `functions: those of ${commit.slice(0, 7)} again, ${state}`;
  }
  if (functionsBefore === null) return "functions: as before";
  if (functions === null) return "functions: unknown, the Management API doesn't answer";
  const version = (number: number | null) => number === null ? "none" : `v${number}`;
  const [kept, changed]: [string[], string[]] = [[], []];
  for (const [slug, before] of Object.entries(functionsBefore)) {
    const now = functions[slug] ?? null;
    if (now === before) kept.push(`${slug} ${version(now)}`);
    else changed.push(`${slug} ${version(now)} (before ${version(before)})`);
  }
  return `functions: ${
    [
      changed.length === 0 ? [] : [`new ${changed.join(", ")}`],
      kept.length === 0 ? [] : [`as before ${kept.join(", ")}`],
    ].flat().join("; ")
  }`;
}

/**
 * What the person who releases reads when a step failed: which, why, what is live now, and the exact
 * commands to go on or back.
 */
export function describeFailure(
  { step, reason, journal, live, commands, journalPath }: {
    step: string;
    reason: string;
    journal: Journal;
    live: LiveState;
    commands: Commands;
    journalPath: string;
  },
): string[] {
  const { migrationsApplied, secretsSet, functionsBefore } = journal;
  const hasNewFunctions = live.restored === null && functionsBefore !== null &&
    Object.entries(functionsBefore)
      .some(([slug, before]) => (live.functions?.[slug] ?? null) !== before);
  const isUntouched = migrationsApplied.length === 0 && secretsSet.length === 0 &&
    !hasNewFunctions && live.restored === null;
  const { rollout } = live;
  const back: string[] = [];
  if (isUntouched) back.push("nothing was changed: there is nothing to undo");
  if (step === "flags" || step === "watch") back.push(`${commands.quick}   # nobody inside`);
  if (hasNewFunctions) {
    back.push(
      commands.code === null
        ? "deploy the commit that was live before: none is known here"
        : commands.isCodeSure
        ? `${commands.code}   # the code before`
        : `${commands.code}   # the newest listed release, if that was live`,
    );
  }
  if (migrationsApplied.length > 0) {
    back.push(
      "migrations only add, the code before goes on with them; to undo them: " +
        migrationsApplied.map((file) => `supabase/rollbacks/${file}`).join(", "),
    );
  }
  if (secretsSet.length > 0) {
    back.push(
      `secrets can't be read back: set the values before of ${secretsSet.join(", ")} by ` +
        "--env-file",
    );
  }
  const [first = "", ...rest] = [
    describeFunctions(journal, live),
    migrationsApplied.length === 0
      ? "database: as before"
      : `database: with ${migrationsApplied.join(", ")}`,
    secretsSet.length === 0 ? "secrets: as before" : `secrets: new ${secretsSet.join(", ")}`,
    `rollout: ${
      rollout === null
        ? "unknown"
        : `${rollout.percent} %${rollout.enabled ? "" : ", switched off"}`
    }`,
  ];
  if (back.length === 0) back.push("the code before is live again: there is nothing to undo");
  const [firstBack = "", ...restBack] = back;
  return [
    "",
    `Stopped at "${step}".`,
    reason,
    "",
    `live      ${first}`,
    ...rest.map((line) => `          ${line}`),
    `go on     ${commands.resume}`,
    ...(live.restored === null ? [] : ["          or mend it in a further commit and deploy that"]),
    `go back   ${firstBack}`,
    ...restBack.map((line) => `          ${line}`),
    `journal   ${journalPath}`,
  ];
}
