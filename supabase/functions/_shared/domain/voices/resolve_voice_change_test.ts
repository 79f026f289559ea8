import assert from "node:assert/strict";
import {
  RETIRED_VAPI_VOICES,
  VAPI_VOICES,
} from "../../../../../scripts/local/simulators/vapi/schemas/values.ts";
import type { AgentChange } from "../behavior/behavior_columns.ts";
import { resolveVoiceChange, type VoicePair } from "./resolve_voice_change.ts";

const elliot: VoicePair = { voice: "Elliot", voice_provider: "vapi" };
const own: VoicePair = { voice: "21m00Tcm4TlvDq8ikWAM", voice_provider: "11labs" };

Deno.test("what is given goes with what is there", () => {
  const cases: [string, VoicePair, AgentChange, AgentChange][] = [
    ["no voice at all", elliot, { set: { name: "A" }, reset: [] }, {
      set: { name: "A" },
      reset: [],
    }],
    ["back to the default", elliot, { set: {}, reset: ["voice", "voice_provider"] }, {
      set: {},
      reset: ["voice", "voice_provider"],
    }],
    ["a voice of the same provider", elliot, { set: { voice: "clara" }, reset: [] }, {
      set: { voice: "Clara" },
      reset: [],
    }],
    ["both", elliot, {
      set: { voice: "Nova", voice_provider: "OpenAI" },
      reset: ["voice_stability"],
    }, { set: { voice: "nova", voice_provider: "openai" }, reset: ["voice_stability"] }],
    ["a retired one, which has another provider", elliot, { set: { voice: "Paige" }, reset: [] }, {
      set: { voice: "UShdpPZj9t1Kgb9ACOS2", voice_provider: "11labs" },
      reset: [],
    }],
    ["one of Vapi, the provider is another", own, { set: { voice: "elliot" }, reset: ["name"] }, {
      set: { voice: "Elliot", voice_provider: "vapi" },
      reset: ["name"],
    }],
    [
      "one of both",
      { voice: "x", voice_provider: "lmnt" },
      { set: { voice: "Paige" }, reset: [] },
      {
        set: { voice: "paige" },
        reset: [],
      },
    ],
    ["a provider that has the voice too", { voice: "luna", voice_provider: "deepgram" }, {
      set: { voice_provider: "rime-ai" },
      reset: [],
    }, { set: { voice_provider: "rime-ai" }, reset: [] }],
  ];
  for (const [name, current, change, expected] of cases) {
    const resolved = resolveVoiceChange(change, current);
    assert.ok(resolved.ok, name);
    assert.deepEqual(resolved.change, expected, name);
    assert.equal(resolved.notice !== null, /^(a retired one|one of Vapi)/.test(name), name);
  }
});

Deno.test("the same voice given twice without its provider is accepted twice", () => {
  for (const voice of [...RETIRED_VAPI_VOICES, ...VAPI_VOICES]) {
    let current = own;
    const pairs: VoicePair[] = [];
    for (let time = 0; time < 3; time++) {
      const resolved = resolveVoiceChange({ set: { voice }, reset: [] }, current);
      assert.ok(resolved.ok, voice);
      current = { ...current, ...resolved.change.set };
      pairs.push(current);
    }
    assert.deepEqual(pairs[1], pairs[0], voice);
    assert.deepEqual(pairs[2], pairs[0], voice);
  }
});

Deno.test("a refusal names what was given", () => {
  const cases: [VoicePair, AgentChange["set"], "voice" | "voice_provider"][] = [
    [elliot, { voice: "Bob" }, "voice"],
    [own, { voice: "Bob" }, "voice"],
    // Vapi takes any uuid, so it says nothing of whose voice it is.
    [own, { voice: "6f9619ff-8b86-4011-b42d-00c04fc964ff" }, "voice"],
    [own, { voice_provider: "vapi" }, "voice_provider"],
    [elliot, { voice: "Elliot", voice_provider: "acme" }, "voice_provider"],
    [elliot, { voice: "Bob", voice_provider: "openai" }, "voice"],
  ];
  for (const [current, set, column] of cases) {
    const resolved = resolveVoiceChange({ set, reset: [] }, current);
    assert.ok(!resolved.ok);
    assert.equal(resolved.column, column);
  }
});
