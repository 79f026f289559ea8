import assert from "node:assert/strict";
import { FLAGGED_AGENTS } from "../../supabase/functions/_shared/domain/rollout/parse_flags.ts";
import { createMemoryWorlds } from "./open_memory_world.ts";
import { type ModelKind, startModels } from "./start_models.ts";
import { listTranscripts, tell, type Transcript, withModel, withoutModel } from "./transcript.ts";

const transcripts = await listTranscripts();

Deno.test("each conversation goes as it is written down", async (test) => {
  for (const { file, transcript } of transcripts) {
    await test.step(`${file}: ${transcript.name}`, async () => {
      const expected = withoutModel(transcript);
      assert.deepEqual(await tell(createMemoryWorlds(), expected), expected);
    });
  }
});

/** Tells all of them side by side; answers what became of what the models were asked, in each. */
async function tellWith(
  kind: ModelKind,
  expect: (transcript: Transcript) => Transcript,
): Promise<Map<string, string[]>> {
  const models = await startModels(transcripts.map(({ transcript }) => transcript));
  const asked = new Map<string, string[]>();
  try {
    await Promise.all(transcripts.map(async ({ file, transcript }) => {
      const model = models.open(kind);
      const expected = expect(transcript);
      assert.deepEqual(await tell(createMemoryWorlds(model), expected), expected, file);
      if (model.asked.length > 0) asked.set(file, model.asked);
    }));
  } finally {
    await models.stop();
  }
  return asked;
}

Deno.test("a model that answers changes what only it understands, and nothing else", async () => {
  const asked = await tellWith("present", withModel);
  const otherwise = transcripts.filter(({ transcript }) =>
    transcript.turns.some(({ with_model }) => with_model !== undefined)
  );
  for (const { file } of otherwise) assert.ok(asked.has(file), `${file}: it was not even asked`);
  assert.ok(otherwise.length >= 5);
  assert.deepEqual(new Set([...asked.values()].flat()), new Set(["answered"]));
});

for (
  const [kind, failure] of [
    ["slow", "timed_out"],
    ["failing", "unavailable"],
    ["out_of_quota", "rate_limited"],
  ] as const
) {
  Deno.test(`a model that is ${kind.replaceAll("_", " ")} is as good as none`, async () => {
    const asked = await tellWith(kind, withoutModel);
    assert.ok(asked.size >= 5, "else nothing is shown here");
    assert.deepEqual(new Set([...asked.values()].flat()), new Set([failure]));
  });
}

Deno.test("each agent has four conversations, all together every language and kind of turn", () => {
  const count = (agent: string) =>
    transcripts.filter(({ transcript }) => transcript.agent === agent).length;
  for (const agent of FLAGGED_AGENTS) assert.ok(count(agent) >= 4, agent);
  const languages = new Set(transcripts.map(({ transcript }) => transcript.language));
  assert.deepEqual([...languages].sort(), ["en", "fr", "rw", "sw"]);
});

Deno.test("a turn asks one thing at most, within WhatsApp's limits", () => {
  for (const { file, transcript } of transcripts) {
    for (const { replies } of transcript.turns) {
      assert.ok(replies.length >= 1, file);
      assert.ok(replies.filter(({ type }) => type !== "text").length <= 1, file);
      for (const { type, text, choices = [] } of replies) {
        assert.ok(text.length > 0 && text.length <= (type === "text" ? 4096 : 1024), file);
        assert.ok(choices.length <= (type === "buttons" ? 3 : 10), file);
        for (const title of choices) {
          assert.ok(title.length <= (type === "buttons" ? 20 : 24), title);
        }
      }
    }
  }
});
