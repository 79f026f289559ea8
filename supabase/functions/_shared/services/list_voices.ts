import {
  type CatalogueVoice,
  listVoices as listKnownVoices,
  VOICE_PROVIDERS,
} from "../domain/voices/voice_catalogue.ts";

export type VoicesAnswer = {
  voices: CatalogueVoice[];
  providers: {
    provider: string;
    label: string;
    /** What an id that isn't listed must look like; null where the list is all there is. */
    otherIds: string | null;
  }[];
  /** Withdrawn by their providers; a change that names one stores its successor. */
  retired: {
    provider: string;
    id: string;
    retiredOn: string;
    successor: { provider: string; id: string; label: string };
  }[];
};

/** How agents can sound: of one provider, by Vapi's name, or in one language, where they are given. */
export function listVoices(
  { provider, language }: { provider?: string | undefined; language?: string | undefined } = {},
): VoicesAnswer {
  const isAsked = (one: { provider: string }) =>
    provider === undefined || one.provider === provider;
  const providers = VOICE_PROVIDERS.filter(isAsked);
  return {
    voices: listKnownVoices({ language }).filter(isAsked),
    providers: providers.map(({ provider, label, otherIds }) => ({
      provider,
      label,
      otherIds: otherIds?.example ?? null,
    })),
    retired: providers.flatMap(({ provider, retired }) =>
      retired.map(({ id, retiredOn, successor }) => ({ provider, id, retiredOn, successor }))
    ),
  };
}
