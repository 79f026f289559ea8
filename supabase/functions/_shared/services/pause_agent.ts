import {
  type ActivationAnswer,
  type ActivationInput,
  type ActivationPorts,
  describeMissingAgent,
  followActivation,
} from "./follow_activation.ts";

/**
 * Takes an agent out of service: callers hear the organization's fallback text.
 * @throws AppError `not_found`
 */
export async function pauseAgent(
  ports: ActivationPorts,
  input: ActivationInput,
): Promise<ActivationAnswer> {
  const set = await ports.behavior.setAgentActivation({
    org_id: input.orgId,
    user_id: input.userId,
    request_id: input.requestId,
    role: input.role,
    state: "paused",
    mode: null,
  });
  if (set.code !== "set") throw describeMissingAgent("pause", input.role);
  return await followActivation(ports, input, set);
}
