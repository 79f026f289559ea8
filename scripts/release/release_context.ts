import type { Journal } from "./journal.ts";
import type { Management } from "./management/create_management.ts";
import type { Ops } from "./ops/create_ops.ts";
import type { Target } from "./read_target.ts";
import type { CliResult } from "./run_cli.ts";
import type { Finding } from "./check_migrations.ts";
import type { Code } from "./unpack_code.ts";

export type DeployOptions = {
  /** Percent of contacts; null leaves the rollout where it is. */
  rollout: number | null;
  reason: string | null;
  actor: string | null;
  /** Slugs; null is all of config.toml. */
  functions: string[] | null;
  backup: boolean;
  /** Why it is released without a green run of the tests. */
  skipTests: string | null;
  /** Why destructive or locking statements are applied. */
  accept: string | null;
  /** Put the code before back where the new one doesn't prove itself. */
  restore: boolean;
  watchMinutes: number;
};

/** What is released: a folder with `supabase/`, at a commit. */
export type Checkout = { folder: string; commit: string; version: string };

/** What the preflight found out for the steps after it. */
export type Facts = {
  /** Every slug of config.toml. */
  slugs: string[];
  pendingMigrations: string[];
  /** Versions of another product in the same database. */
  otherMigrations: string[];
  databaseVersion: string | null;
  /** Slug → version when this attempt began; null before it was asked. */
  liveVersions: Record<string, number> | null;
};

/** What every step of a release works with. */
export type ReleaseContext = {
  target: Target;
  options: DeployOptions;
  checkout: Checkout;
  facts: Facts;
  journal: Journal;
  /** Writes the journal. */
  save(): Promise<void>;
  management: Management;
  /** Null without a secret key. */
  ops: Ops | null;
  /** In the checkout, unless told another folder above `supabase/`. */
  runCli(args: string[], options?: { cwd?: string }): Promise<CliResult>;
  /** What is uploaded of a commit, until it is disposed of. */
  unpackCode(release: { commit: string; version: string }): Promise<Code>;
  checkMigrations(files: string[]): Promise<Finding[]>;
  fetch: typeof globalThis.fetch;
  /** One line below the step's own. */
  tell(line: string): void;
  /** A person's wish to stop, for what runs beside this process. */
  signal?: AbortSignal | undefined;
  clock(): number;
  pause(milliseconds: number): Promise<void>;
};
