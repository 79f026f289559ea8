import assert from "node:assert/strict";
import { VAPI_LANGUAGES } from "../../../../../scripts/local/simulators/vapi/schemas/values.ts";
import { chooseVoiceLanguage } from "./choose_voice_language.ts";

Deno.test("Vapi's own voices are told what to speak", () => {
  const cases: [string, string | undefined][] = [
    ["en", undefined],
    ["en-RW", undefined],
    ["en-GB", "en-GB"],
    ["fr", "fr-FR"],
    ["fr-CA", "fr-CA"],
    ["fr-RW", "fr-FR"],
    ["de-AT", "de"],
    ["pt", "pt-BR"],
    ["nb", "no"],
    ["sw", undefined],
  ];
  for (const [language, expected] of cases) {
    assert.equal(chooseVoiceLanguage("vapi", language), expected, language);
    if (expected !== undefined) assert.ok(VAPI_LANGUAGES.includes(expected));
    assert.equal(chooseVoiceLanguage("11labs", language), undefined);
  }
});
