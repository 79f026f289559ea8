import { AppError } from "../errors.ts";

type Refusal =
  | { code: "forbidden" | "not_found" | "not_taken" | "opted_out" | "released" }
  | { code: "nothing_to_replay" | "handed_over" }
  | { code: "taken_by_another"; taken_by: string | null }
  | { code: "outside_window"; last_inbound_at: string | null };

/**
 * What somebody is told who may not, or can't now, do something about a conversation. `action` completes
 * "Cannot …"; a conflict names its `reason`.
 */
export function refuseSupervision(action: string, refusal: Refusal): AppError {
  const conflict = (detail: string, more: Record<string, unknown> = {}) =>
    new AppError("conflict", `Cannot ${action}: ${detail}`, {
      extensions: { reason: refusal.code, ...more },
    });
  switch (refusal.code) {
    case "forbidden":
      return new AppError("forbidden", `Cannot ${action}: your role doesn't let you`);
    case "not_found":
      return new AppError("not_found", `Cannot ${action}: there is none by this id`);
    case "not_taken":
      return conflict("you haven't taken it");
    case "taken_by_another":
      return conflict("somebody else has taken it", { takenBy: refusal.taken_by });
    case "released":
      return conflict("the agents answer again");
    case "opted_out":
      return conflict("the person has opted out since");
    case "handed_over":
      return conflict("a person answers this conversation");
    case "nothing_to_replay":
      return conflict("none of its messages was given up, or each has had its turn since");
    case "outside_window":
      return new AppError(
        "outside_window",
        `Cannot ${action}: 24 hours have passed since the person's last message`,
        { extensions: { lastInboundAt: refusal.last_inbound_at } },
      );
  }
}
