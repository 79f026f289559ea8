import type { Ops } from "./ops/create_ops.ts";
import type { ReleaseContext } from "./release_context.ts";
import { ReleaseError } from "./release_error.ts";

/** @throws ReleaseError `missing` without the project's secret key */
export function requireOps(
  { ops, target }: Pick<ReleaseContext, "ops" | "target">,
): { ops: Ops; secretKey: string } {
  if (ops !== null && target.secretKey !== null) return { ops, secretKey: target.secretKey };
  throw new ReleaseError("missing", "Cannot ask the project: SUPABASE_SECRET_KEY is not set");
}
