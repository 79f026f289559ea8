import type { Target } from "./read_target.ts";

/** One word of a shell's line. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * A command to copy. The database's address holds a password: it is named by its variable.
 * @param values as `parseArgs` gave them; `false` and undefined are left out
 */
export function writeCommand(
  task: string,
  values: Readonly<Record<string, string | boolean | undefined>>,
): string {
  const words = Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    if (value === true) return [`--${name}`];
    if (name === "database-url") return ['--database-url "$SUPABASE_DB_URL"'];
    return [`--${name} ${quote(value)}`];
  });
  return ["deno task", task, ...words].join(" ");
}

/**
 * The options that say which project, for another command about it. The environment always: left out it
 * would be production, whose file another project's command must not read.
 */
export function targetValues(
  { environment, ref, profile }: Pick<Target, "environment" | "ref" | "profile">,
  values: { "project-url"?: string | undefined; "env-file"?: string | undefined },
): Record<string, string | undefined> {
  return {
    "project-ref": ref,
    env: environment,
    profile: profile ?? undefined,
    "project-url": values["project-url"],
    "env-file": values["env-file"],
  };
}

/** A job of GitHub's that prints for people who are elsewhere. */
export type Runner = {
  /** Of the run, where its failed jobs are started again. */
  url: string;
};

/** Null on a person's own machine. */
export function readRunner(read: (name: string) => string | undefined): Runner | null {
  if (read("GITHUB_ACTIONS") !== "true") return null;
  const server = read("GITHUB_SERVER_URL") ?? "https://github.com";
  return { url: `${server}/${read("GITHUB_REPOSITORY")}/actions/runs/${read("GITHUB_RUN_ID")}` };
}

/** Of the options of a release those that another machine's release has too: no file, nobody's name. */
export function withoutRunner<Value>(
  values: Readonly<Record<string, Value>>,
): Record<string, Value> {
  const left = ["env-file", "actor", "resume"];
  return Object.fromEntries(Object.entries(values).filter(([name]) => !left.includes(name)));
}
