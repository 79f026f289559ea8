import { randomUUID } from "node:crypto";
import type postgres from "postgres";
import { callAtOnce, type RpcCall } from "./call_at_once.ts";

export function beginSave(orgId: string): RpcCall {
  return {
    name: "begin_workspace_save",
    request: { org_id: orgId, user_id: null, request_id: randomUUID(), lease_seconds: 60 },
  };
}

export function storeIntegrations(
  orgId: string,
  fencingToken: number,
  integrations: { provider: string; public_config: Record<string, string> }[],
): RpcCall {
  return {
    name: "store_workspace",
    request: {
      org_id: orgId,
      user_id: null,
      request_id: randomUUID(),
      fencing_token: fencingToken,
      integrations: integrations.map((integration) => ({
        ...integration,
        fingerprint: `fingerprint-${integration.provider}`,
        last_four: "1234",
        ciphertext: "eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVydGV4dA.dGFn",
        key_id: "k1",
      })),
    },
  };
}

export function finishSave(
  orgId: string,
  fencingToken: number,
  providerCalls: postgres.JSONValue = [],
): RpcCall {
  return {
    name: "finish_workspace_save",
    request: {
      org_id: orgId,
      user_id: null,
      request_id: randomUUID(),
      fencing_token: fencingToken,
      operation: "workspace_save",
      outcome: "succeeded",
      duration_ms: 1,
      details: {},
      integration_patches: [],
      provider_calls: providerCalls,
    },
  };
}

/** Connects a Vapi account and makes both agents. */
export async function connectVapi(orgId: string): Promise<void> {
  const [began] = await callAtOnce([beginSave(orgId)]);
  const token = began?.fencing_token as number;
  await callAtOnce([
    storeIntegrations(orgId, token, [{ provider: "vapi", public_config: {} }]),
  ]);
  await callAtOnce([finishSave(orgId, token)]);
}
