import assert from "node:assert/strict";
import * as fc from "fast-check";
import { voice as vapiVoice } from "../../../../../scripts/local/simulators/vapi/schemas/voices.ts";
import {
  DEEPGRAM_VOICE_IDS,
  INWORLD_VOICE_IDS,
  MICROSOFT_VOICE_IDS,
  RETIRED_VAPI_VOICES,
  VAPI_VOICES,
} from "../../../../../scripts/local/simulators/vapi/schemas/values.ts";
import { checkVoice, currentVoice } from "./check_voice.ts";
import { listVoices, VOICE_PROVIDERS } from "./voice_catalogue.ts";

Deno.test("a voice that its provider has, however it is written", () => {
  const cases: [string, string, string, string][] = [
    ["vapi", "Elliot", "vapi", "Elliot"],
    ["vapi", "elliot ", "vapi", "Elliot"],
    ["VAPI", "CLARA", "vapi", "Clara"],
    [
      "vapi",
      "6f9619ff-8b86-4011-b42d-00c04fc964ff",
      "vapi",
      "6f9619ff-8b86-4011-b42d-00c04fc964ff",
    ],
    ["11labs", "21m00Tcm4TlvDq8ikWAM", "11labs", "21m00Tcm4TlvDq8ikWAM"],
    ["elevenlabs", "Sarah", "11labs", "sarah"],
    ["azure", "sw-KE-ZuriNeural", "azure", "sw-KE-ZuriNeural"],
    ["azure", "en-US-AvaMultilingualNeural", "azure", "en-US-AvaMultilingualNeural"],
    ["openai", "Nova", "openai", "nova"],
    [
      "cartesia",
      "a0e99841-438c-4a64-b679-ae501e7d6091",
      "cartesia",
      "a0e99841-438c-4a64-b679-ae501e7d6091",
    ],
    ["deepgram", "asteria", "deepgram", "asteria"],
    ["lmnt", "paige", "lmnt", "paige"],
    ["inworld", "étienne", "inworld", "Étienne"],
    ["minimax", "English_radiant girl", "minimax", "English_radiant girl"],
  ];
  for (const [provider, voice, expectedProvider, expectedVoice] of cases) {
    const check = checkVoice(provider, voice);
    assert.ok(check.code === "ok", `${provider} ${voice}`);
    assert.deepEqual([check.provider, check.voice], [expectedProvider, expectedVoice]);
  }
});

Deno.test("a voice that was withdrawn has a successor that exists, and a notice", () => {
  for (const id of RETIRED_VAPI_VOICES) {
    const check = checkVoice("vapi", id.toLowerCase());
    assert.ok(check.code === "retired", id);
    assert.equal(checkVoice(check.provider, check.voice).code, "ok");
    assert.ok(check.notice.includes(`"${id}" on 2026-03-01`), check.notice);
  }
  assert.deepEqual(checkVoice("vapi", "Paige"), {
    code: "retired",
    provider: "11labs",
    voice: "UShdpPZj9t1Kgb9ACOS2",
    label: "Jöne",
    notice: 'Vapi retired the voice "Paige" on 2026-03-01: "Jöne" of ElevenLabs takes its place',
  });
  assert.deepEqual(currentVoice("vapi", "Paige"), {
    provider: "11labs",
    voice: "UShdpPZj9t1Kgb9ACOS2",
  });
  assert.deepEqual(currentVoice("vapi", "Elliot"), { provider: "vapi", voice: "Elliot" });
  assert.deepEqual(currentVoice("custom-voice", "x"), { provider: "custom-voice", voice: "x" });
});

Deno.test("a voice that isn't there: what there is instead", () => {
  const cases: [string, string, "voice" | "voice_provider", RegExp][] = [
    ["vapi", "Bob", "voice", /^must be a voice of Vapi: Elliot, Savannah, .*Neil, or a uuid$/],
    ["vapi", "alloy", "voice", /; openai has one of this name$/],
    [
      "11labs",
      "not an id",
      "voice",
      /^must be a voice of ElevenLabs: burt, .*20 letters and digits/,
    ],
    ["openai", "verse", "voice", /^must be a voice of OpenAI: alloy, .*, cedar$/],
    ["deepgram", "bob", "voice", / and \d+ more \(GET \/voices\)$/],
    ["azure", "Denise", "voice", /"fr-FR-DeniseNeural"$/],
    ["cartesia", "sonic", "voice", /^must be a voice of Cartesia: a uuid$/],
    ["acme", "Bob", "voice_provider", /^must be one of vapi, 11labs, azure, /],
    ["custom-voice", "x", "voice_provider", /^must be one of /],
    ["vapi", "", "voice", /^must be a voice of Vapi/],
  ];
  for (const [provider, voice, field, message] of cases) {
    const check = checkVoice(provider, voice);
    assert.ok(check.code === "unknown", `${provider} ${voice}`);
    assert.equal(check.field, field);
    assert.match(check.message, message);
  }
});

Deno.test("the catalogue lists what Vapi takes, all of it where the list is closed", () => {
  const ids = (provider: string) =>
    new Set(listVoices().filter((voice) => voice.provider === provider).map(({ id }) => id));
  assert.deepEqual(ids("vapi"), new Set(VAPI_VOICES));
  assert.deepEqual(ids("deepgram"), new Set(DEEPGRAM_VOICE_IDS));
  assert.deepEqual(ids("inworld"), new Set(INWORLD_VOICE_IDS));
  assert.deepEqual(ids("microsoft"), new Set(MICROSOFT_VOICE_IDS));
  for (const { provider, id, label, languages } of listVoices()) {
    const parsed = vapiVoice.safeParse({ provider, voiceId: id });
    assert.ok(parsed.success, `${provider} ${id}`);
    assert.equal(checkVoice(provider, id).code, "ok");
    assert.ok(label.length > 0 && languages.length > 0);
    assert.ok(languages.every((language) => /^[a-z]{2,3}$/.test(language)), `${id} ${languages}`);
  }
  const pairs = listVoices().map(({ provider, id }) => `${provider} ${id.toLowerCase()}`);
  assert.equal(new Set(pairs).size, pairs.length);
});

Deno.test("voices of a language", () => {
  const french = listVoices({ language: "fr-CA" });
  assert.ok(french.some(({ id }) => id === "fr-FR-DeniseNeural"));
  assert.ok(french.some(({ id }) => id === "Clara"));
  assert.ok(!french.some(({ id }) => id === "asteria"));
  assert.deepEqual(
    new Set(listVoices({ language: "sw" }).map(({ provider }) => provider)),
    new Set(["azure", "openai"]),
  );
});

Deno.test("whatever is asked gets an answer, and what is ok stays ok", () => {
  const provider = fc.oneof(
    fc.constantFrom(...VOICE_PROVIDERS.map((p) => p.provider)),
    fc.string(),
  );
  fc.assert(fc.property(provider, fc.string(), (provider, voice) => {
    const check = checkVoice(provider, voice);
    if (check.code === "unknown") return;
    assert.equal(checkVoice(check.provider, check.voice).code, "ok");
  }));
});
