import assert from "node:assert/strict";
import * as fc from "fast-check";
import { AppError } from "../../errors.ts";
import { parseWith } from "../../http/parse_with.ts";
import { addManagedBlock } from "../managed_prompt/managed_block.ts";
import { BEHAVIOR_COLUMNS, type BehaviorChanges, FIELD_NAMES } from "./behavior_columns.ts";
import { behaviorSchema } from "./parse_behavior.ts";

const parse = (body: unknown) => parseWith(behaviorSchema, body, "update the agents");

function refuse(body: unknown): Record<string, string> {
  try {
    parse(body);
  } catch (error) {
    assert.ok(error instanceof AppError && error.code === "invalid_input");
    return Object.fromEntries(error.errors.map(({ field, detail }) => [field, detail]));
  }
  assert.fail("accepted");
}

Deno.test("absent is unchanged, null goes back to the default, a value is set", () => {
  const cases: [unknown, BehaviorChanges][] = [
    [{ inbound: { name: "Nora" } }, { inbound: { set: { name: "Nora" }, reset: [] } }],
    [{ inbound: { systemPrompt: null } }, { inbound: { set: {}, reset: ["system_prompt"] } }],
    [{
      inbound: { first_message: " Hi\n" },
      outbound: { voiceId: "alloy", voice_provider: "openai" },
    }, {
      inbound: { set: { first_message: " Hi\n" }, reset: [] },
      outbound: { set: { voice: "alloy", voice_provider: "openai" }, reset: [] },
    }],
    [{ outbound: { maxDuration: 60, vapiPhoneNumberId: "pn-1" } }, {
      outbound: { set: { max_call_duration: 60, vapi_phone_number_id: "pn-1" }, reset: [] },
    }],
    [{ outbound: { vapi_phone_number_id: null } }, {
      outbound: { set: {}, reset: ["vapi_phone_number_id"] },
    }],
    [{ inbound: { voiceStability: 0.33333, voice_similarity_boost: 1 } }, {
      inbound: { set: { voice_stability: 0.333, voice_similarity_boost: 1 }, reset: [] },
    }],
    [{ inbound: { language: "FR_ca" } }, { inbound: { set: { language: "fr-CA" }, reset: [] } }],
    [{ inbound: { voice: "Elliot", voiceId: "Elliot" } }, {
      inbound: { set: { voice: "Elliot" }, reset: [] },
    }],
    [{ inbound: {}, outbound: { name: " Ann " } }, {
      outbound: { set: { name: "Ann" }, reset: [] },
    }],
  ];
  for (const [body, expected] of cases) {
    assert.deepEqual(parse(body).changes, expected, JSON.stringify(body));
  }
});

Deno.test("a voice and its provider go back together", () => {
  const both = { set: {}, reset: ["voice", "voice_provider"] };
  assert.deepEqual(parse({ inbound: { voice: null } }).changes.inbound, both);
  assert.deepEqual(parse({ inbound: { voiceProvider: null } }).changes.inbound?.reset.toSorted(), [
    "voice",
    "voice_provider",
  ]);
  assert.deepEqual(
    parse({ outbound: { voice: null, voiceProvider: null } }).changes.outbound,
    both,
  );
});

Deno.test("the caller's own names are kept for what is found later", () => {
  assert.deepEqual(parse({ inbound: { voice_id: "x", maxDuration: 90 } }).names, {
    inbound: { voice: "voice_id", max_call_duration: "maxDuration" },
  });
});

Deno.test("our block in a prompt that was copied from Vapi isn't the founder's", () => {
  const prompt = addManagedBlock("Be kind.", "Use the tool.");
  const { changes, notices } = parse({ inbound: { systemPrompt: prompt } });
  assert.equal(changes.inbound?.set.system_prompt, "Be kind.");
  assert.deepEqual(notices.map(({ field }) => field), ["inbound.systemPrompt"]);
  assert.match(
    notices[0]!.detail,
    /^The block from \[\[switchboard:managed\]\] to .* isn't stored/,
  );
  assert.deepEqual(parse({ inbound: { systemPrompt: "Be kind." } }).notices, []);
});

Deno.test("a prompt's length is that of the founder's words", () => {
  const longest = "x".repeat(50_000);
  const { changes } = parse({ outbound: { system_prompt: addManagedBlock(longest, "Use it.") } });
  assert.equal(changes.outbound?.set.system_prompt, longest);
  for (const words of ["", `${longest}x`]) {
    const errors = refuse({
      inbound: { name: "", systemPrompt: addManagedBlock(words, "Use it.") },
    });
    assert.deepEqual(Object.keys(errors).sort(), ["inbound.name", "inbound.systemPrompt"]);
    assert.match(errors["inbound.systemPrompt"]!, /^must have 1 to 50000/);
  }
});

Deno.test("what is wrong is named by its path", () => {
  const cases: [unknown, Record<string, RegExp>][] = [
    [{ inbound: { nickname: "N" } }, { "inbound.nickname": /^is not a known field$/ }],
    [{ sideways: { name: "N" } }, { sideways: /^is not a known field$/ }],
    [{}, { "": /^must have at least one field/ }],
    [{ inbound: {} }, { "": /^must have at least one field/ }],
    [[], { "": /^must be an object$/ }],
    [{ inbound: null }, { inbound: /^must be an object$/ }],
    [{ inbound: { name: "" } }, { "inbound.name": /^must have 1 to 40 characters$/ }],
    [{ inbound: { name: "  " } }, { "inbound.name": /^must have 1 to 40 characters$/ }],
    [{ inbound: { name: "n".repeat(41) } }, { "inbound.name": /to 40 characters$/ }],
    [{ inbound: { name: "🙂".repeat(21) } }, { "inbound.name": /to 40 characters$/ }],
    [{ inbound: { name: "a\nb" } }, { "inbound.name": /^must be a single line$/ }],
    [{ inbound: { name: 5 } }, { "inbound.name": /^must be a string$/ }],
    [{ inbound: { systemPrompt: "" } }, { "inbound.systemPrompt": /^must have 1 to 50000/ }],
    [{ inbound: { system_prompt: "a\u0000b" } }, { "inbound.system_prompt": /control characters/ }],
    [{ inbound: { firstMessage: "\ud800" } }, { "inbound.firstMessage": /control characters/ }],
    [{ inbound: { firstMessage: "x".repeat(2001) } }, { "inbound.firstMessage": /to 2000 char/ }],
    [{ inbound: { maxDurationSeconds: 59 } }, {
      "inbound.maxDurationSeconds": /from 60 to 43200$/,
    }],
    [{ inbound: { maxDuration: 43_201 } }, { "inbound.maxDuration": /from 60 to 43200$/ }],
    [{ inbound: { maxDuration: 60.5 } }, { "inbound.maxDuration": /whole number/ }],
    [{ inbound: { maxDuration: "90" } }, { "inbound.maxDuration": /whole number/ }],
    [{ inbound: { voiceStability: 1.01 } }, { "inbound.voiceStability": /between 0 and 1$/ }],
    [{ inbound: { voice_similarity_boost: -0.1 } }, {
      "inbound.voice_similarity_boost": /between 0 and 1$/,
    }],
    [{ inbound: { language: "french language" } }, { "inbound.language": /language tag/ }],
    [{ inbound: { vapiPhoneNumberId: "pn" } }, {
      "inbound.vapiPhoneNumberId": /only of the outbound/,
    }],
    [{ inbound: { vapi_phone_number_id: null } }, {
      "inbound.vapi_phone_number_id": /only of the/,
    }],
    [{ outbound: { vapiPhoneNumberId: "a b" } }, {
      "outbound.vapiPhoneNumberId": /^must be the id/,
    }],
    [{ inbound: { voice: "Emma", voiceId: "Clara" } }, {
      "inbound.voiceId": /^must not differ from voice, which is the same field$/,
    }],
    [{ inbound: { maxDuration: 90, max_duration_seconds: null } }, {
      "inbound.maxDuration": /^must not differ from max_duration_seconds/,
    }],
    [{ inbound: { voiceId: null, voiceProvider: "11labs" } }, {
      "inbound.voiceId": /^must not be null where voiceProvider has .* give both or reset both$/,
    }],
    [{ outbound: { voice: "mark", voice_provider: null } }, {
      "outbound.voice_provider": /^must not be null where voice has .* give both or reset both$/,
    }],
    [{ inbound: { name: "", nickname: "" }, outbound: { name: 1 } }, {
      "inbound.name": /1 to 40/,
      "inbound.nickname": /not a known field/,
      "outbound.name": /string/,
    }],
  ];
  for (const [body, expected] of cases) {
    const errors = refuse(body);
    assert.deepEqual(
      Object.keys(errors).sort(),
      Object.keys(expected).sort(),
      JSON.stringify(body),
    );
    for (const [field, detail] of Object.entries(expected)) assert.match(errors[field]!, detail);
  }
});

Deno.test("limits are inclusive", () => {
  const body = {
    name: "🙂".repeat(20),
    systemPrompt: "x".repeat(50_000),
    maxDurationSeconds: 43_200,
    voiceStability: 0,
    voiceSimilarityBoost: 1,
  };
  assert.equal(Object.keys(parse({ inbound: body }).changes.inbound!.set).length, 5);
});

Deno.test("any name of a field means the same", () => {
  const values: Record<string, unknown> = {
    name: "A",
    system_prompt: "p",
    first_message: "f",
    voice: "v",
    voice_provider: "vapi",
    voice_stability: 0.5,
    voice_similarity_boost: 0.5,
    language: "en",
    max_call_duration: 90,
    vapi_phone_number_id: "pn",
  };
  const choice = fc.record(Object.fromEntries(
    BEHAVIOR_COLUMNS.map((column) => [
      column,
      fc.record({
        names: fc.subarray([...FIELD_NAMES[column]], { minLength: 1 }),
        isNull: fc.boolean(),
      }),
    ]),
  ));
  fc.assert(fc.property(choice, (choice) => {
    const body: Record<string, unknown> = {};
    // One without the other is refused.
    choice.voice_provider!.isNull = choice.voice!.isNull;
    for (const [column, { names, isNull }] of Object.entries(choice)) {
      for (const name of names) body[name] = isNull ? null : values[column];
    }
    const change = parse({ outbound: body }).changes.outbound!;
    for (const [column, { isNull }] of Object.entries(choice)) {
      assert.equal(change.reset.includes(column as never), isNull);
      if (!isNull) {
        assert.deepEqual((change.set as Record<string, unknown>)[column], values[column]);
      }
    }
  }));
});
