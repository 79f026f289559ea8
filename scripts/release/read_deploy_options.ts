import type { DeployOptions } from "./release_context.ts";
import { ReleaseError } from "./release_error.ts";

export type DeployValues = {
  functions?: string | undefined;
  rollout?: string | undefined;
  reason?: string | undefined;
  actor?: string | undefined;
  backup?: boolean | undefined;
  "skip-tests"?: string | undefined;
  accept?: string | undefined;
  "no-restore"?: boolean | undefined;
  watch?: string | undefined;
};

const invalid = (message: string) => new ReleaseError("invalid", message);

/** @throws ReleaseError `invalid`, naming the option */
export function readDeployOptions(
  values: DeployValues,
  read: (name: string) => string | undefined,
): DeployOptions {
  const { rollout, watch, reason } = values;
  if (rollout !== undefined && !/^(?:100|[1-9]?\d)%?$/.test(rollout)) {
    throw invalid(`Cannot set the rollout to "${rollout}": it is a whole number from 0 to 100`);
  }
  if (watch !== undefined && !/^\d{1,4}(?:\.\d+)?$/.test(watch)) {
    throw invalid(`Cannot watch for "${watch}": it is a number of minutes`);
  }
  const needsReason = (name: "skip-tests" | "accept") => {
    const text = values[name]?.trim();
    if (text !== undefined && text.length < 3) {
      throw invalid(`Cannot take --${name} without a reason: say why`);
    }
    return text ?? null;
  };
  if (reason !== undefined && reason.trim().length < 3) {
    throw invalid("Cannot take --reason: say why in three letters or more");
  }
  const functions = values.functions?.split(",").map((slug) => slug.trim()).filter(Boolean);
  if (functions?.length === 0) throw invalid("Cannot deploy no function: --functions is empty");
  return {
    rollout: rollout === undefined ? null : Number.parseInt(rollout),
    reason: reason?.trim() ?? null,
    // What the history takes as a name: a bot's has brackets.
    actor: (values.actor ?? read("USER") ?? null)?.replace(/[^\w .@+-]/g, "_").slice(0, 100) ||
      null,
    functions: functions ?? null,
    backup: values.backup ?? false,
    skipTests: needsReason("skip-tests"),
    accept: needsReason("accept"),
    restore: values["no-restore"] !== true,
    watchMinutes: watch === undefined ? 0 : Number(watch),
  };
}
