import type { Credentials } from "../domain/workspace/complete_credentials.ts";
import { ProviderError } from "../errors.ts";
import type { Connect, FinishWorkspaceSaveInput, ProviderName } from "../ports.ts";
import type { HeldWorkspace } from "./hold_workspace.ts";
import type { SyncPorts } from "./sync_agent.ts";

export type PushPorts = SyncPorts & { connect: Connect };
export type PushWorkspaceInput = {
  orgId: string;
  requestId: string;
  held: HeldWorkspace;
  /** What was connected before the save, and what is now. */
  before: Credentials;
  now: Credentials;
  /** Of the Vapi key in use. */
  vapiFingerprint: string | null;
  /** Whose credentials this save has checked. */
  mentioned: ProviderName[];
};

/** A step that did not come about although the credentials are good; the worker repeats it. */
export type StepWarning = {
  step: "numberBound" | "webhookSubscribed";
  provider: ProviderName;
  detail: string;
};

/** What came of a step that a save can do without. */
export type WorkspaceStep = {
  done: boolean;
  warnings: StepWarning[];
  patches: FinishWorkspaceSaveInput["integration_patches"];
};

/** A step with nothing to do, or nothing to do it with. */
export function skipStep(done: boolean): WorkspaceStep {
  return { done, warnings: [], patches: [] };
}

/** The failure is kept with the integration: it says what remains to be done, and why. */
export function failStep(
  step: StepWarning["step"],
  provider: ProviderName,
  error: unknown,
): WorkspaceStep {
  const detail = error instanceof ProviderError ? error.reason : "unexpected error, logged";
  return {
    done: false,
    warnings: [{ step, provider, detail }],
    patches: [{ provider, public_config_patch: { push_error: detail } }],
  };
}
