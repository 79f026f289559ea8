import type { Journal } from "./journal.ts";
import type { Restored } from "./restore_functions.ts";

/** What is live when a release stopped. */
export type LiveState = {
  /** Slug → version; null where the API doesn't say. */
  functions: Record<string, number> | null;
  /** Null where `ops` doesn't say. */
  rollout: { percent: number; enabled: boolean } | null;
  /**
   * The commits whose functions were deployed again, and which aren't ready all the same; null where
   * they couldn't be asked.
   */
  restored: { codes: Restored[]; unready: string[] | null } | null;
};

export type Commands = {
  /** One or more ways. */
  resume: string[];
  /**
   * To the code before, one for each commit that it was of; empty where none is known. `isSure`: it is
   * known to have been live, and not only the newest that is listed.
   */
  code: { command: string; isSure: boolean }[];
  quick: string;
};

/** Functions that this release replaced and that weren't put back, now or by an earlier attempt. */
export function listNewFunctions(
  { functionsBefore, functionsRestored }: Pick<Journal, "functionsBefore" | "functionsRestored">,
  { functions, restored }: Pick<LiveState, "functions" | "restored">,
): string[] {
  const again = restored?.codes.flatMap(({ slugs }) => slugs) ?? [];
  return Object.entries(functionsBefore ?? {}).filter(([slug, before]) => {
    const now = functions?.[slug] ?? null;
    const isBack = now === before || now === functionsRestored[slug]?.version;
    return !isBack && !again.includes(slug);
  }).map(([slug]) => slug);
}

/** For the next attempt: which versions are the code before again. */
export function recordRestored(journal: Journal, { functions, restored }: LiveState): void {
  for (const { commit, slugs } of restored?.codes ?? []) {
    for (const slug of slugs) {
      const version = functions?.[slug];
      if (version !== undefined) journal.functionsRestored[slug] = { version, commit };
    }
  }
}

function describeFunctions(journal: Journal, live: LiveState): string {
  const { functions, restored } = live;
  const { functionsBefore } = journal;
  if (restored !== null) {
    const { codes, unready } = restored;
    const state = unready === null
      ? "whether they are ready is unknown"
      : unready.length === 0
      ? "all ready"
      : `NOT READY: ${unready.join(", ")}`;
    const [only, another] = codes;
    const left = functions === null ? [] : listNewFunctions(journal, live);
    const words = only !== undefined && another === undefined && left.length === 0
      ? `those of ${only.commit.slice(0, 7)}`
      : codes.map(({ commit, slugs }) => `${slugs.join(", ")} of ${commit.slice(0, 7)}`).join(", ");
    return `functions: ${words} again, ${state}${
      left.length === 0 ? "" : `; new, and left so: ${left.join(", ")}`
    }`;
  }
  if (functionsBefore === null) return "functions: as before";
  if (functions === null) return "functions: unknown, the Management API doesn't answer";
  const version = (number: number | null) => number === null ? "none" : `v${number}`;
  const [kept, changed]: [string[], string[]] = [[], []];
  const fresh = listNewFunctions(journal, live);
  for (const [slug, before] of Object.entries(functionsBefore)) {
    const now = functions[slug] ?? null;
    if (!fresh.includes(slug)) kept.push(`${slug} ${version(now)}`);
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
  // After a restore: what was there before and is new all the same, where that can be told.
  const hasNewFunctions = listNewFunctions(journal, live).some((slug) =>
    live.restored === null || (live.functions !== null && functionsBefore?.[slug] !== null)
  );
  const isUntouched = migrationsApplied.length === 0 && secretsSet.length === 0 &&
    !hasNewFunctions && live.restored === null;
  const { rollout } = live;
  const back: string[] = [];
  if (isUntouched) back.push("nothing was changed: there is nothing to undo");
  if (step === "flags" || step === "watch") back.push(`${commands.quick}   # nobody inside`);
  if (hasNewFunctions) {
    back.push(
      ...(commands.code.length === 0
        ? ["deploy the commit that was live before: none is known here"]
        : commands.code.map(({ command, isSure }) =>
          isSure
            ? `${command}   # the code before`
            : `${command}   # the newest listed release, if that was live`
        )),
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
    `go on     ${commands.resume[0] ?? ""}`,
    ...commands.resume.slice(1).map((line) => `          ${line}`),
    ...(live.restored === null ? [] : ["          or mend it in a further commit and deploy that"]),
    `go back   ${firstBack}`,
    ...restBack.map((line) => `          ${line}`),
    `journal   ${journalPath}`,
  ];
}
