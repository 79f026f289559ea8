import { VARIABLES } from "../../../supabase/functions/_shared/env.ts";
import { readFunctions } from "./read_functions.ts";

/** What proves that the webhook works. `env.ts` lets a function start without them. */
export const PROOF_SECRETS = ["WHATSAPP_APP_SECRET", "WA_VERIFY_TOKEN"] as const;

/** The variables that the functions' `index.ts` name, by which functions name them. */
export async function listVariables(folder: string): Promise<Map<string, string[]>> {
  const readers = new Map<string, string[]>();
  for (const { slug, entrypoint } of await readFunctions(folder)) {
    const source = await Deno.readTextFile(entrypoint);
    const list = /readEnvironment\(\s*\[([^\]]*)\]/.exec(source)?.[1] ?? "";
    for (const name of new Set(list.match(/[A-Z][A-Z0-9_]+/g) ?? [])) {
      readers.set(name, [...readers.get(name) ?? [], slug]);
    }
  }
  return readers;
}

export type SecretsReport = {
  /** Required, and neither at the project nor in the file; with what each is for. */
  missing: string[];
  /** In the file, but not as `env.ts` reads it. Names and reasons, never the value. */
  malformed: string[];
  /** In the file, and read by no function: a slip of the hand, perhaps. */
  unknown: string[];
};

/** The platform sets these, and refuses to be told them. */
const isPlatformName = (name: string) => name.startsWith("SUPABASE_");

/**
 * Holds what functions read against what the project has and what is about to be set there. Names
 * alone: a project tells no values.
 */
export function checkSecrets(
  { readers, live, file }: {
    readers: ReadonlyMap<string, readonly string[]>;
    live: readonly string[];
    file: Readonly<Record<string, string>>;
  },
): SecretsReport {
  const variables: Record<string, (typeof VARIABLES)[keyof typeof VARIABLES]> = VARIABLES;
  const needed = [...readers.keys()].filter((name) => {
    const isRequired = variables[name]?.presence === "required";
    return isRequired || PROOF_SECRETS.some((secret) => secret === name);
  });
  const malformed: string[] = [];
  for (const [name, value] of Object.entries(file)) {
    const parsed = variables[name]?.schema.safeParse(value);
    if (parsed === undefined || parsed.success) continue;
    malformed.push(`${name} ${parsed.error.issues.map(({ message }) => message).join(", ")}`);
  }
  return {
    missing: needed
      .filter((name) => !isPlatformName(name) && !live.includes(name) && !(name in file))
      .map((name) => `${name} (${variables[name]?.purpose ?? "read by the functions"})`),
    malformed,
    unknown: Object.keys(file).filter((name) => !isPlatformName(name) && !readers.has(name)),
  };
}

/** What a release will do to a project's secrets, by name: what it replaces can't be read back. */
export function describeChanges(
  { different, live }: { different: readonly string[]; live: readonly string[] },
): string {
  const replaced = different.filter((name) => live.includes(name));
  const added = different.filter((name) => !live.includes(name));
  return [
    "none is missing",
    ...(added.length === 0 ? [] : [`will add ${added.join(", ")}`]),
    ...(replaced.length === 0 ? [] : [`will REPLACE ${replaced.join(", ")}`]),
  ].join("; ");
}
