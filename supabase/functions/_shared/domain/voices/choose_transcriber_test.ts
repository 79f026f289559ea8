import assert from "node:assert/strict";
import * as fc from "fast-check";
import { transcriber as vapiTranscriber } from "../../../../../scripts/local/simulators/vapi/schemas/transcribers.ts";
import { AZURE_SPEECH_LANGUAGES } from "../../../../../scripts/local/simulators/vapi/schemas/values.ts";
import { VOICE_DEFAULTS } from "../sync_plan/voice_defaults.ts";
import { chooseTranscriber, type Transcriber } from "./choose_transcriber.ts";
import { AZURE } from "./transcriber_languages.ts";

const nova3 = { provider: "deepgram", model: "nova-3" };
const nova2 = { provider: "deepgram", model: "nova-2-phonecall" };

Deno.test("who listens to which language", () => {
  const cases: [{ provider: string; model: string }, string, Transcriber, RegExp | null][] = [
    [nova3, "en", { ...nova3, language: "en" }, null],
    [nova3, "en-GB", { ...nova3, language: "en-GB" }, null],
    [nova3, "en-RW", { ...nova3, language: "en" }, null],
    [nova3, "fr", { ...nova3, language: "fr" }, null],
    [nova3, "fr-RW", { ...nova3, language: "fr" }, null],
    [nova3, "pt-BR", { ...nova3, language: "pt-BR" }, null],
    [nova3, "nb", { ...nova3, language: "no" }, null],
    [nova3, "fil-PH", { ...nova3, language: "tl" }, null],
    [nova3, "zu", { ...nova3, language: "multi" }, /multilingual/],
    [nova3, "sw", { provider: "azure", language: "sw-KE" }, /"sw": azure listens/],
    [nova3, "sw-TZ", { provider: "azure", language: "sw-TZ" }, /azure/],
    [nova3, "am", { provider: "azure", language: "am-ET" }, /azure/],
    [nova3, "rw", { ...nova3, language: "multi" }, /No transcriber knows "rw"/],
    [nova2, "fr-CA", { ...nova2, language: "fr-CA" }, null],
    [nova2, "he", { ...nova3, language: "he" }, /nova-3 listens/],
    [nova2, "zu", { provider: "azure", language: "zu-ZA" }, /azure/],
    [{ provider: "azure", model: "" }, "fr", { provider: "azure", language: "fr-FR" }, null],
    [{ provider: "google", model: "gemini-3.5-flash" }, "sw", {
      provider: "google",
      model: "gemini-3.5-flash",
      language: "Swahili",
    }, null],
    [{ provider: "google", model: "gemini-3.5-flash" }, "rw", {
      provider: "google",
      model: "gemini-3.5-flash",
      language: "Multilingual",
    }, /No transcriber/],
    [{ provider: "soniox", model: "stt-rt-v5" }, "fr-CA", {
      provider: "soniox",
      model: "stt-rt-v5",
      language: "fr",
    }, null],
    [{ provider: "gladia", model: "solaria-1" }, "ln", {
      provider: "gladia",
      model: "solaria-1",
      language: "ln",
    }, null],
  ];
  for (const [configured, language, transcriber, notice] of cases) {
    const choice = chooseTranscriber(configured, language);
    assert.deepEqual(choice.transcriber, transcriber, language);
    if (notice === null) assert.equal(choice.notice, null, language);
    else assert.match(choice.notice ?? "", notice);
  }
});

Deno.test("Vapi takes what is chosen, whatever the language", () => {
  assert.deepEqual(AZURE, new Set(AZURE_SPEECH_LANGUAGES));
  const letters = "abcdefghijklmnopqrstuvwxyz".split("");
  const bases = letters.flatMap((first) => letters.map((second) => first + second));
  const tag = fc.tuple(fc.constantFrom(...bases), fc.constantFrom("", "-US", "-FR", "-CN", "-TZ"))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(tag, (language) => {
      for (const configured of [VOICE_DEFAULTS.transcriber, nova2]) {
        const { transcriber } = chooseTranscriber(configured, language);
        const parsed = vapiTranscriber.safeParse(transcriber);
        assert.ok(parsed.success, JSON.stringify(transcriber));
      }
    }),
    { numRuns: 1000 },
  );
});
