import type { Management } from "../management/create_management.ts";
import type { Ops } from "../ops/create_ops.ts";
import type { Target } from "../read_target.ts";
import type { CliOptions, CliResult } from "../run_cli.ts";

/** What going back needs. */
export type RollbackContext = {
  target: Target;
  management: Management;
  /** Null without the project's secret key. */
  ops: Ops | null;
  /** The checkout; its history is where earlier code comes from. */
  folder: string;
  runCli(args: string[], options?: CliOptions): Promise<CliResult>;
  fetch: typeof globalThis.fetch;
  /** This process's environment. */
  read: (name: string) => string | undefined;
  print(line: string): void;
  /** A person's wish to stop. */
  signal?: AbortSignal | undefined;
};

/** Who goes back and why, for the history. */
export type Signature = { reason: string; actor: string };

/** One value inside a statement. */
export function quoteLiteral(text: string): string {
  // Without backslashes there is no second way to end it.
  return `'${text.replaceAll("'", "''").replaceAll("\\", "/").replaceAll("\0", "")}'`;
}
