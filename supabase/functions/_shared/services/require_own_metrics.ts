import { AppError } from "../errors.ts";

/** Who looks: an owner at the own organization; `userId` null is the service itself, `orgId` null everybody. */
export type MetricsReader = { orgId: string | null; userId: string | null };

/**
 * What was read, unless somebody looked who may not.
 * @throws AppError `forbidden`
 */
export function requireOwnMetrics<Read extends { code: string }>(
  read: Read,
  what: string,
): Exclude<Read, { code: "forbidden" }> {
  if (read.code === "forbidden") {
    throw new AppError("forbidden", `Cannot read ${what}: only the organization's owners may`);
  }
  return read as Exclude<Read, { code: "forbidden" }>;
}
