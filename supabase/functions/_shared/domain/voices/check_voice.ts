import { VOICE_PROVIDERS, type VoiceProvider } from "./voice_catalogue.ts";

export type VoiceCheck =
  /** `provider` and `voice` as Vapi spells them. */
  | { code: "ok"; provider: string; voice: string; label: string | null }
  | { code: "retired"; provider: string; voice: string; label: string; notice: string }
  /** `message` completes a sentence that begins with the field's name. */
  | { code: "unknown"; field: "voice_provider" | "voice"; message: string };

/** Names that people use for a provider. */
const OTHER_NAMES: Record<string, string> = {
  elevenlabs: "11labs",
  "eleven-labs": "11labs",
  eleven_labs: "11labs",
  rime: "rime-ai",
  rimeai: "rime-ai",
  smallestai: "smallest-ai",
  "play-ht": "playht",
};

/** So many names make a sentence; a longer list is behind `GET /voices`. */
const LONGEST_LIST = 20;

/**
 * Whether a provider has a voice: it does, it had and there is a successor, or it doesn't and what
 * there is instead. Case doesn't matter. Ids that only the founder can know, such as a voice of the
 * own at ElevenLabs, are accepted when they look like one.
 */
export function checkVoice(provider: string, voice: string): VoiceCheck {
  const found = findProvider(provider);
  if (found === undefined) {
    return { code: "unknown", field: "voice_provider", message: describeProviders() };
  }

  const id = voice.trim();
  const listed = found.voices.find((known) => isSame(known.id, id));
  if (listed !== undefined) {
    return { code: "ok", provider: found.provider, voice: listed.id, label: listed.label };
  }
  const retired = found.retired.find((known) => isSame(known.id, id));
  if (retired !== undefined) {
    const { provider, id: successor, label } = retired.successor;
    return {
      code: "retired",
      provider,
      voice: successor,
      label,
      notice: `${found.label} retired the voice "${retired.id}" on ${retired.retiredOn}: ` +
        `"${label}" of ${findProvider(provider)?.label ?? provider} takes its place`,
    };
  }
  if (found.otherIds?.pattern.test(id)) {
    return { code: "ok", provider: found.provider, voice: id, label: null };
  }
  return { code: "unknown", field: "voice", message: describeChoice(found, id) };
}

/** The pair that Vapi should have: one that was stored before it was retired is replaced as well. */
export function currentVoice(
  provider: string,
  voice: string,
): { provider: string; voice: string } {
  const check = checkVoice(provider, voice);
  return check.code === "retired"
    ? { provider: check.provider, voice: check.voice }
    : { provider, voice };
}

/** Completes a sentence that begins with the field's name. */
export function describeProviders(): string {
  return `must be one of ${VOICE_PROVIDERS.map(({ provider }) => provider).join(", ")}`;
}

/** By Vapi's name, or one that people use for it; case doesn't matter. */
export function findProvider(name: string): VoiceProvider | undefined {
  const lower = name.trim().toLowerCase();
  const known = OTHER_NAMES[lower] ?? lower;
  return VOICE_PROVIDERS.find(({ provider }) => provider === known);
}

function describeChoice({ provider, label, voices, otherIds }: VoiceProvider, id: string): string {
  const names = voices.map(({ id }) => id);
  const shown = names.length > LONGEST_LIST
    ? `${names.slice(0, LONGEST_LIST).join(", ")} and ${
      names.length - LONGEST_LIST
    } more (GET /voices)`
    : names.join(", ");
  const choice = [shown, otherIds?.example ?? ""].filter(Boolean).join(", or ");
  const elsewhere = VOICE_PROVIDERS.find((other) =>
    other.provider !== provider && other.voices.some((known) => isSame(known.id, id))
  );
  const hint = elsewhere === undefined ? "" : `; ${elsewhere.provider} has one of this name`;
  return `must be a voice of ${label}: ${choice}${hint}`;
}

function isSame(left: string, right: string): boolean {
  return left.normalize("NFC").toLowerCase() === right.normalize("NFC").toLowerCase();
}
