import type {
  AgentRow,
  Connect,
  Logger,
  RecordProviderCall,
  SettingsRow,
  VapiSecrets,
  VoiceDefaults,
} from "../ports.ts";
import { describeFailure, describeSync, type SyncAgentResult } from "./describe_sync.ts";
import { pushAgent } from "./push_agent.ts";
import { readApplied, renderDesired, type WebhookConfig } from "./render_desired.ts";

export type PlanAgentSyncInput = {
  agent: AgentRow;
  settings: SettingsRow;
  voice_defaults: VoiceDefaults | null;
  /** Of the key that would be used, which need not be the stored one. */
  vapi: { fingerprint: string };
  secrets: VapiSecrets;
  force?: boolean;
};

/** What a sync would change, found with reads alone. Nothing is written here or at Vapi. */
export async function planAgentSync(
  ports: {
    connect: Pick<Connect, "vapi">;
    logger: Logger;
    webhook: WebhookConfig;
  },
  input: PlanAgentSyncInput,
  { record, signal }: { record: RecordProviderCall; signal: AbortSignal },
): Promise<SyncAgentResult> {
  const { agent } = input;
  const { assistantId, changed, failure } = await pushAgent({
    vapi: ports.connect.vapi(input.secrets, record, { signal }),
    logger: ports.logger,
    recordCreateIntent: () => Promise.reject(new Error("a dry run creates nothing")),
  }, {
    desired: renderDesired(input, ports.webhook),
    applied: readApplied(agent),
    dryRun: true,
    force: input.force ?? false,
  });
  if (failure !== null) {
    return describeSync(agent.role, agent, "failed", {
      error: describeFailure(agent.role, failure),
    });
  }
  const planned = changed.length > 0 || assistantId !== agent.vapi_assistant_id;
  return describeSync(agent.role, agent, planned ? "planned" : "unchanged", {
    vapiAssistantId: assistantId,
    changed,
  });
}
