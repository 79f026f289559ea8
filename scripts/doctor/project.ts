import type { Management } from "../release/management/create_management.ts";
import type { Ops } from "../release/ops/create_ops.ts";
import type { Target } from "../release/read_target.ts";

/** What the checks of a live project need. */
export type Project = {
  target: Target;
  management: Management;
  /** Null without the project's secret key. */
  ops: Ops | null;
  /** The checkout that the project is compared with. */
  folder: string;
  /** `--meta-app-id`, or what an organization's subscription says; null where neither does. */
  metaAppId: string | null;
  fetch: typeof globalThis.fetch;
  /** This process's environment. */
  read: (name: string) => string | undefined;
};

/** With what releases this checkout to it, as a person types it. */
export type ReleasedProject = Project & { deployCommand: string };

/** A variable of the functions: the environment file's value, else this process's. */
export function readSecret(
  { target, read }: Pick<Project, "target" | "read">,
  name: string,
): string | null {
  return target.secrets[name] || read(name)?.trim() || null;
}

export const NO_SECRET_KEY =
  "set SUPABASE_SECRET_KEY: the project's dashboard > Settings > API Keys > Secret keys";
