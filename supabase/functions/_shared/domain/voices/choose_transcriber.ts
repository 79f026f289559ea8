import {
  AZURE,
  AZURE_USUAL,
  GLADIA,
  GOOGLE,
  NOVA_2,
  NOVA_3,
  NOVA_3_MULTI_ONLY,
  OPEN_AI,
} from "./transcriber_languages.ts";

export type Transcriber = { provider: string; model?: string; language?: string };
export type TranscriberChoice = {
  transcriber: Transcriber;
  /** For the person who chose the language; null where the configured one understands it. */
  notice: string | null;
};

/** Tags that mean the language of another code. */
const SAME_LANGUAGE: Record<string, string> = { nb: "no", nn: "no", fil: "tl", iw: "he", in: "id" };

/**
 * Who listens to an agent that speaks `language`: the configured transcriber in that language, else
 * what understands it best. Deepgram's models know different sets; what none of them knows goes to
 * Azure, and what Azure doesn't know either is left to detection.
 */
export function chooseTranscriber(
  configured: { provider: string; model: string },
  language: string,
): TranscriberChoice {
  const own = findCode(configured, language);
  if (own !== null) {
    return {
      transcriber: configured.provider === "azure"
        // Which has no models to choose from.
        ? { provider: "azure", language: own }
        : { ...configured, language: own },
      notice: null,
    };
  }
  if (configured.provider === "deepgram") {
    const base = baseOf(language);
    if (isModel(configured.model, "nova-3") && NOVA_3_MULTI_ONLY.has(base)) {
      return {
        transcriber: { ...configured, language: "multi" },
        notice:
          `"${language}" is understood by the multilingual transcriber, less well than a language of its own`,
      };
    }
    if (!isModel(configured.model, "nova-3") && NOVA_3.has(base)) {
      return chooseInstead({ provider: "deepgram", model: "nova-3", language: base }, language);
    }
  }
  const azure = findAzure(language);
  if (azure !== null) return chooseInstead({ provider: "azure", language: azure }, language);

  const multi = multilingual(configured);
  return {
    transcriber: multi,
    notice:
      `No transcriber knows "${language}": callers who speak it will often be misunderstood, other languages are detected`,
  };
}

function chooseInstead(transcriber: Transcriber, language: string): TranscriberChoice {
  const { provider, model } = transcriber;
  return {
    transcriber,
    notice: `The usual transcriber doesn't know "${language}": ${
      model ?? provider
    } listens to this agent`,
  };
}

/** The code of a language at a transcriber, null where it doesn't know it. */
function findCode(
  { provider, model }: { provider: string; model: string },
  language: string,
): string | null {
  const base = baseOf(language);
  switch (provider) {
    case "deepgram": {
      const known = isModel(model, "nova-3") ? NOVA_3 : isModel(model, "nova-2") ? NOVA_2 : null;
      if (known === null) return base;
      return [language, base].find((code) => known.has(code)) ?? null;
    }
    case "azure":
      return findAzure(language);
    case "openai":
      return OPEN_AI.has(base) ? base : null;
    case "gladia":
      return GLADIA.has(base) ? base : null;
    case "google":
      return GOOGLE[base] ?? null;
    case "assembly-ai":
      return base === "en" ? "en" : null;
    // 11labs, cartesia, soniox, vapi and others take any ISO 639 code.
    default:
      return base;
  }
}

function findAzure(language: string): string | null {
  if (AZURE.has(language)) return language;
  const base = baseOf(language);
  return AZURE_USUAL[base] ?? [...AZURE].find((code) => code.startsWith(`${base}-`)) ?? null;
}

/** The configured transcriber, detecting what is spoken. */
function multilingual(configured: { provider: string; model: string }): Transcriber {
  switch (configured.provider) {
    case "deepgram":
    case "assembly-ai":
      return { ...configured, language: "multi" };
    case "google":
      return { ...configured, language: "Multilingual" };
    case "azure":
      return { provider: "deepgram", model: "nova-3", language: "multi" };
    default:
      return configured;
  }
}

function baseOf(language: string): string {
  const base = language.toLowerCase().split("-", 1)[0] ?? language;
  return SAME_LANGUAGE[base] ?? base;
}

function isModel(model: string, family: string): boolean {
  return model === family || model.startsWith(`${family}-`);
}
