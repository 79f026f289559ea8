import { AppError } from "../errors.ts";
import type { AlertStore } from "../ports_alerts.ts";
import { type AlertView, viewAlert } from "./list_alerts.ts";
import type { MetricsReader } from "./require_own_metrics.ts";

/**
 * Somebody has seen it; the first who says so is kept.
 * @throws AppError `not_found` (another organization's too), `conflict` when it is over, `forbidden`
 */
export async function acknowledgeAlert(
  { alerts }: { alerts: Pick<AlertStore, "acknowledgeAlert"> },
  { orgId, userId, id, requestId }: MetricsReader & { id: string; requestId: string },
): Promise<AlertView> {
  const answer = await alerts.acknowledgeAlert({
    org_id: orgId,
    user_id: userId,
    id,
    request_id: requestId,
  });
  switch (answer.code) {
    case "acknowledged":
      return viewAlert(answer.alert);
    case "resolved":
      throw new AppError("conflict", `Cannot acknowledge alert "${id}": it is resolved`);
    case "not_found":
      throw new AppError("not_found", `Cannot acknowledge alert "${id}": there is none`);
    case "forbidden":
      throw new AppError(
        "forbidden",
        `Cannot acknowledge alert "${id}": only the organization's owners may`,
      );
  }
}
