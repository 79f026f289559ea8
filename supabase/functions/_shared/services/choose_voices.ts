import type { BehaviorChanges } from "../domain/behavior/behavior_columns.ts";
import type { BehaviorInput, BehaviorNotice } from "../domain/behavior/parse_behavior.ts";
import { chooseTranscriber } from "../domain/voices/choose_transcriber.ts";
import { resolveVoiceChange, type VoicePair } from "../domain/voices/resolve_voice_change.ts";
import { VOICE_DEFAULTS } from "../domain/sync_plan/voice_defaults.ts";
import { AppError, type FieldError } from "../errors.ts";
import { AGENT_ROLES, type AgentRole, type AgentSyncStore } from "../ports.ts";
import { nameAgentField } from "./name_agent_field.ts";

export type ChosenVoices = {
  changes: BehaviorChanges;
  notices: BehaviorNotice[];
  /** The revisions that the choice depends on; with another one it has to be made anew. */
  seen: Partial<Record<AgentRole, number>>;
};

const DEFAULT_VOICE: VoicePair = {
  voice: VOICE_DEFAULTS.voice.voiceId,
  voice_provider: VOICE_DEFAULTS.voice.provider,
};

/**
 * Holds what a change says of voices against the catalogue: a retired one gives way to its
 * successor. What the change doesn't name is what the agent has now.
 * @throws AppError `invalid_input` naming each voice that its provider doesn't have
 */
export async function chooseVoices(
  ports: { agents: Pick<AgentSyncStore, "readSyncStatus" | "readAgentSync"> },
  { orgId, input }: { orgId: string; input: BehaviorInput },
): Promise<ChosenVoices> {
  const changes: BehaviorChanges = {};
  const notices = [...input.notices];
  const seen: ChosenVoices["seen"] = {};
  const errors: FieldError[] = [];
  // One read, and only where something is given that depends on it.
  const isPartial = (role: AgentRole) => {
    const { voice, voice_provider } = input.changes[role]?.set ?? {};
    return (voice === undefined) !== (voice_provider === undefined);
  };
  const { agents } = AGENT_ROLES.some(isPartial)
    ? await ports.agents.readSyncStatus({ org_id: orgId })
    : { agents: [] };

  for (const role of AGENT_ROLES) {
    const change = input.changes[role];
    if (change === undefined) continue;
    const nameOf = (column: "voice" | "voice_provider" | "language") =>
      `${role}.${input.names[role]?.[column] ?? nameAgentField(column)}`;
    const agent = agents.find((candidate) => candidate.role === role);
    const current = agent ?? DEFAULT_VOICE;
    // One that doesn't exist is at 0: whoever makes it meanwhile may choose another provider.
    if (isPartial(role)) seen[role] = agent?.revision ?? 0;
    const resolved = resolveVoiceChange(change, current);
    if (!resolved.ok) {
      errors.push({ field: nameOf(resolved.column), detail: resolved.message });
      continue;
    }
    changes[role] = resolved.change;
    if (resolved.notice !== null) {
      notices.push({ field: nameOf("voice"), detail: resolved.notice });
    }
    const { language } = change.set;
    if (language === undefined) continue;
    const state = await ports.agents.readAgentSync({ org_id: orgId, role });
    const defaults = state.code === "read"
      ? state.voice_defaults ?? VOICE_DEFAULTS
      : VOICE_DEFAULTS;
    const { notice } = chooseTranscriber(defaults.transcriber, language);
    if (notice !== null) notices.push({ field: nameOf("language"), detail: notice });
  }
  if (errors.length > 0) {
    const reasons = errors.map(({ field, detail }) => `${field} ${detail}`).join("; ");
    throw new AppError("invalid_input", `Cannot update the agents: ${reasons}`, { errors });
  }
  return { changes, notices, seen };
}
