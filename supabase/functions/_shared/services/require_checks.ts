import { NO_STEPS, type SaveSteps } from "../domain/workspace/judge_save.ts";
import { AppError, type FieldError } from "../errors.ts";
import type { ProviderName } from "../ports.ts";
import type { CheckOutcome } from "./check_outcome.ts";

const STEPS = {
  vapi: "vapiValidated",
  twilio: "twilioValidated",
  whatsapp: "whatsappValidated",
} as const satisfies Record<ProviderName, keyof SaveSteps>;

/** The validation steps that passed. */
export function listPassedSteps(
  outcomes: { [P in ProviderName]?: CheckOutcome },
): SaveSteps {
  const steps = { ...NO_STEPS };
  for (
    const [provider, outcome] of Object.entries(outcomes) as [ProviderName, CheckOutcome][]
  ) {
    steps[STEPS[provider]] = outcome.outcome === "passed";
  }
  return steps;
}

/**
 * Lets a save go on only when every check passed.
 * @throws AppError `check_failed` with an entry for each field a provider refused; else
 *   `provider_failed` naming the providers that gave no verdict
 */
export function requireChecks(
  outcomes: { [P in ProviderName]?: CheckOutcome },
  { orgId }: { orgId: string },
): void {
  const entries = Object.entries(outcomes) as [ProviderName, CheckOutcome][];
  const errors: FieldError[] = [];
  const unreachable: { provider: ProviderName; reason: string }[] = [];
  let retryAfterSeconds: number | undefined;
  for (const [provider, outcome] of entries) {
    if (outcome.outcome === "failed") errors.push(...outcome.errors);
    if (outcome.outcome !== "unreachable") continue;
    unreachable.push({ provider, reason: outcome.error.reason });
    const wait = outcome.error.retryAfterSeconds;
    if (wait !== undefined) {
      retryAfterSeconds = Math.max(retryAfterSeconds ?? 0, wait);
    }
  }
  const extensions = {
    success: false,
    steps: listPassedSteps(outcomes),
    orgId,
    ...(unreachable.length === 0 ? {} : { unreachable }),
  };
  if (errors.length > 0) {
    const reasons = errors.map(({ field, detail }) => `${field}: ${detail}`)
      .join("; ");
    throw new AppError(
      "check_failed",
      `Cannot save the workspace: ${reasons}`,
      { errors, extensions },
    );
  }
  if (unreachable.length > 0) {
    const reasons = unreachable.map(({ provider, reason }) => `${provider}: ${reason}`).join("; ");
    throw new AppError(
      "provider_failed",
      `Cannot check the credentials: ${reasons}; nothing was stored`,
      { extensions, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) },
    );
  }
}
