import type { VapiPublicConfig } from "../ports.ts";
import { bindWorkspaceNumber, listNumbers } from "./bind_workspace_number.ts";
import type { SyncAgentResult } from "./describe_sync.ts";
import { readPublicConfig } from "./open_workspace.ts";
import {
  failStep,
  type PushPorts,
  type PushWorkspaceInput,
  skipStep,
  type WorkspaceStep,
} from "./workspace_step.ts";

/** Begins with what needs no agent; the function it returns ends it with the agents' results. */
export function startBinding(
  ports: PushPorts,
  { held, before, now, mentioned, vapiFingerprint }: PushWorkspaceInput,
  signal: AbortSignal,
): (results: SyncAgentResult[]) => Promise<WorkspaceStep> {
  const { vapi: vapiCredentials, twilio } = now;
  const config: VapiPublicConfig = readPublicConfig(held.integrations, "vapi");
  const recorded = config.number ?? null;
  if (vapiCredentials === undefined || twilio === undefined) {
    return () => Promise.resolve(skipStep(false));
  }
  const isBound = recorded?.number === twilio.from_number &&
    recorded.key_fingerprint === vapiFingerprint && config.push_error === undefined;
  if (isBound && !mentioned.includes("vapi") && !mentioned.includes("twilio")) {
    return () => Promise.resolve(skipStep(true));
  }

  const vapi = ports.connect.vapi(vapiCredentials, held.record, { signal });
  const isOtherKey = before.vapi !== undefined &&
    before.vapi.api_key !== vapiCredentials.api_key;
  const numbers = listNumbers(ports, {
    vapi,
    previous: isOtherKey && before.vapi !== undefined
      ? ports.connect.vapi(before.vapi, held.record, { signal })
      : null,
    recorded,
    agents: held.agents,
  });
  // Its failure is met where the list is used.
  numbers.catch(() => {});
  return async (results) => {
    try {
      const { patch } = await bindWorkspaceNumber(ports, {
        vapi,
        twilio,
        settings: held.settings,
        recorded,
        numbers,
        agents: held.agents,
        results,
        fingerprint: vapiFingerprint,
      });
      const done = {
        ...patch,
        ...(config.push_error === undefined ? {} : { push_error: null }),
      };
      const patches = Object.keys(done).length === 0
        ? []
        : [{ provider: "vapi" as const, public_config_patch: done }];
      return { done: true, warnings: [], patches };
    } catch (error) {
      ports.logger.error("Number not bound", { error });
      return failStep("numberBound", "vapi", error);
    }
  };
}
