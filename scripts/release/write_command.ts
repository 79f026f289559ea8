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
