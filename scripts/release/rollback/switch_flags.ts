import { ReleaseError } from "../release_error.ts";
import { quoteLiteral, type RollbackContext, type Signature } from "./rollback_context.ts";

export type FlagChange = "nobody_inside" | "switched_off";

/** The change as the flags have it, by its path. */
const CHANGES = {
  nobody_inside: { path: "unifiedServiceRolloutPercent", value: "0" },
  switched_off: { path: "unifiedServiceEnabled", value: "false" },
} as const satisfies Record<FlagChange, { path: string; value: string }>;

/** The same as one statement, for whom nothing else is left. */
export function writeFlagStatement(change: FlagChange, { reason, actor }: Signature): string {
  const { path, value } = CHANGES[change];
  return [
    `select set_config('app.actor', ${quoteLiteral(actor)}, true), ` +
    `set_config('app.reason', ${quoteLiteral(reason)}, true);`,
    `update public.app_config set value = jsonb_set(value, '{${path}}', '${value}') ` +
    `where key = 'unified_service_flags' and value -> '${path}' is distinct from '${value}';`,
  ].join("\n");
}

/**
 * Makes the change as an operator does, by `ops`. Where it doesn't answer, which a bad release may be
 * the reason of, the database itself is told, by the Management API. Done again it changes nothing.
 *
 * @throws ReleaseError with the statement to run by hand, where both ways are shut
 */
export async function switchFlags(
  context: RollbackContext,
  { change, signature, byOps }: {
    change: FlagChange;
    signature: Signature;
    /** Resolves to whether something changed. */
    byOps: () => Promise<boolean>;
  },
): Promise<void> {
  const { management, target, print } = context;
  if (context.ops !== null) {
    try {
      print(await byOps() ? "done, by ops" : "it is so already: nothing was changed");
      return;
    } catch (error) {
      if (!(error instanceof ReleaseError)) throw error;
      print(`${error.message}; the database is told instead`);
    }
  }
  const statement = writeFlagStatement(change, signature);
  try {
    await management.queryDatabase(target.ref, `begin;\n${statement}\ncommit;`);
    await requireInForce(context, change);
    print("done, by the database");
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    throw new ReleaseError(
      "failed",
      `${error.message}\nRun this in the project's SQL editor:\n${statement}`,
    );
  }
}

/** A row that isn't there is changed by no statement. @throws ReleaseError */
async function requireInForce(
  { management, target }: RollbackContext,
  change: FlagChange,
): Promise<void> {
  const { path, value } = CHANGES[change];
  // Not as the role that only reads: that one may run no function of ours.
  const [row] = await management.queryDatabase(
    target.ref,
    `select private.flags_in_force() ->> '${path}' as value`,
  );
  if (row?.["value"] === value) return;
  throw new ReleaseError(
    "failed",
    `Cannot set ${path} to ${value}: in force is "${row?.["value"] ?? "nothing"}"`,
  );
}
