import { AppError } from "../errors.ts";
import type { AgentRow } from "../ports.ts";
import {
  type ActivationAnswer,
  type ActivationInput,
  type ActivationPorts,
  describeMissingAgent,
  followActivation,
} from "./follow_activation.ts";
import { rebindAfterSync } from "./rebind_after_sync.ts";
import { syncAgent } from "./sync_agent.ts";

export type ActivateInput = ActivationInput & {
  /** Null: as it was. */
  mode: AgentRow["activation_mode"] | null;
};

/**
 * Puts an agent into service, for everybody or for the test numbers alone. One that isn't in step
 * with Vapi is synced first: what failed is often repaired by then.
 * @throws AppError `not_found`, `not_connected`, `provider_failed` when the sync fails, `conflict`
 *   naming what is missing
 */
export async function activateAgent(
  ports: ActivationPorts,
  input: ActivateInput,
): Promise<ActivationAnswer> {
  const activate = () =>
    ports.behavior.setAgentActivation({
      org_id: input.orgId,
      user_id: input.userId,
      request_id: input.requestId,
      role: input.role,
      state: "active",
      mode: input.mode,
    });
  let set = await activate();
  if (set.code === "not_ready" && !set.missing.includes("vapi_connection")) {
    const result = await syncAgent(ports, {
      ...input,
      waitForLease: true,
      // Nothing may have changed here since the assistant was deleted there.
      force: set.missing.includes("assistant"),
    });
    if (result.status === "failed") {
      await rebindAfterSync(ports, [result], input);
      throw new AppError(
        "provider_failed",
        result.error ?? "Cannot activate the agent: it can't be synced",
      );
    }
    set = await activate();
  }
  switch (set.code) {
    case "set":
      return await followActivation(ports, input, set);
    case "not_found":
      throw describeMissingAgent("activate", input.role);
    case "not_ready":
      throw describeNotReady(input, set.missing);
  }
}

const REASONS: Record<string, string> = {
  vapi_connection: 'no Vapi account is connected, save a workspace with "vapi_api_key" first',
  assistant: "it has no assistant at Vapi yet",
  sync: "it isn't in step with Vapi yet, try again later",
};

function describeNotReady({ role }: ActivateInput, missing: string[]): AppError {
  const reasons = missing.map((name) => REASONS[name] ?? `${name} is missing`).join("; ");
  return new AppError(
    missing.includes("vapi_connection") ? "not_connected" : "conflict",
    `Cannot activate the ${role} agent: ${reasons}`,
    { extensions: { missing } },
  );
}
