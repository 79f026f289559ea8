import { join } from "node:path";
import { ReleaseError } from "../release_error.ts";
import type { RollbackContext } from "./rollback_context.ts";

/** How old the copy of what is there may be. */
const FRESH_MILLISECONDS = 24 * 60 * 60 * 1_000;

/** What a restore needs to be so, as it was found. */
export type Standstill = {
  /** `unifiedServiceEnabled` of the flags in force. */
  isServiceOn: boolean;
  /** Whether Meta's deliveries can be verified, and so are taken. */
  takesDeliveries: boolean;
  /** When the newest copy of what is there was written; null where there is none. */
  copiedAt: Date | null;
};

/** What is in the way of replacing rows, each with the step that sees to it. */
export function judgeStandstill(
  { isServiceOn, takesDeliveries, copiedAt }: Standstill,
  now: Date,
): string[] {
  const isCopied = copiedAt !== null && now.getTime() - copiedAt.getTime() <= FRESH_MILLISECONDS;
  return [
    isServiceOn ? ["the service is switched on (--step 1)"] : [],
    takesDeliveries ? ["Meta's deliveries are taken (--step 2)"] : [],
    isCopied ? [] : ["there is no copy of the last 24 hours of what is there (--step 3)"],
  ].flat();
}

/**
 * Asks the project itself, not what was run: rows are replaced only while nothing comes in and what is
 * there is kept. `secret` is the one without which no delivery of Meta's is taken.
 *
 * @throws ReleaseError `refused`
 */
export async function requireStandstill(
  { management, target }: RollbackContext,
  { backups, secret }: { backups: string; secret: string },
): Promise<void> {
  // Not as the role that only reads: that one may run no function of ours.
  const [row] = await management.queryDatabase(
    target.ref,
    "select private.flags_in_force() ->> 'unifiedServiceEnabled' as value",
  );
  const missing = judgeStandstill({
    isServiceOn: row?.["value"] !== "false",
    takesDeliveries: (await management.listSecretNames(target.ref)).includes(secret),
    copiedAt: await findCopy(backups),
  }, new Date());
  if (missing.length === 0) return;
  throw new ReleaseError("refused", `Cannot restore the database: ${missing.join("; ")}`);
}

/** When the newest `before-restore*.dump` that holds anything was written. */
async function findCopy(backups: string): Promise<Date | null> {
  const found: Date[] = [];
  try {
    for await (const { name } of Deno.readDir(backups)) {
      if (!/^before-restore.*\.dump$/.test(name)) continue;
      const { size, mtime } = await Deno.stat(join(backups, name));
      if (size > 0 && mtime !== null) found.push(mtime);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found.sort((one, other) => other.getTime() - one.getTime())[0] ?? null;
}
