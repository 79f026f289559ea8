import type { AgentChange } from "../behavior/behavior_columns.ts";
import { checkVoice, type VoiceCheck } from "./check_voice.ts";

export type VoicePair = { voice: string; voice_provider: string };
export type VoiceResolution =
  /** With the successor of a retired voice in its place, and spelled as Vapi does. */
  | { ok: true; change: AgentChange; notice: string | null }
  /** `column` is the one that the change gave, so that the caller's own field is named. */
  | { ok: false; column: "voice" | "voice_provider"; message: string };

/**
 * Checks the voice that an agent would have after a change: what is given goes with what is there.
 * What doesn't touch the voice, or only puts it back to its default, is left as it is.
 */
export function resolveVoiceChange(change: AgentChange, current: VoicePair): VoiceResolution {
  const { voice, voice_provider } = change.set;
  if (voice === undefined && voice_provider === undefined) {
    return { ok: true, change, notice: null };
  }
  const check = voice_provider === undefined && voice !== undefined
    ? findVoice(voice, current.voice_provider)
    : checkVoice(voice_provider ?? current.voice_provider, voice ?? current.voice);
  switch (check.code) {
    case "unknown": {
      const given = change.set[check.field] !== undefined;
      const other = check.field === "voice" ? "voice_provider" : "voice";
      return { ok: false, column: given ? check.field : other, message: check.message };
    }
    case "ok":
    case "retired": {
      const set: AgentChange["set"] = { ...change.set };
      if (voice !== undefined || check.voice !== current.voice) set.voice = check.voice;
      if (voice_provider !== undefined || check.provider !== current.voice_provider) {
        set.voice_provider = check.provider;
      }
      return {
        ok: true,
        change: { set, reset: change.reset },
        notice: describe(check, current, voice_provider !== undefined),
      };
    }
  }
}

/**
 * A voice without a provider is one of the agent's own provider, else one that Vapi lists or
 * retired: the same request means the same after it has been obeyed.
 */
function findVoice(voice: string, provider: string): VoiceCheck {
  const own = checkVoice(provider, voice);
  if (own.code !== "unknown") return own;
  const vapi = checkVoice("vapi", voice);
  // What has no label isn't listed and only looks like an id.
  return vapi.code === "unknown" || vapi.label === null ? own : vapi;
}

function describe(
  check: Exclude<VoiceCheck, { code: "unknown" }>,
  current: VoicePair,
  isProviderGiven: boolean,
): string | null {
  if (check.code === "retired") return check.notice;
  return isProviderGiven || check.provider === current.voice_provider
    ? null
    : `${current.voice_provider} has no voice "${check.voice}": that of ${check.provider} is taken`;
}
