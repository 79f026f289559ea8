import assert from "node:assert/strict";
import { FLAGGED_AGENTS } from "../../supabase/functions/_shared/domain/rollout/parse_flags.ts";
import { openMemoryWorld } from "./open_memory_world.ts";
import { listTranscripts, tell } from "./transcript.ts";

const transcripts = await listTranscripts();

Deno.test("each conversation goes as it is written down", async (test) => {
  for (const { file, transcript } of transcripts) {
    await test.step(`${file}: ${transcript.name}`, async () => {
      assert.deepEqual(await tell(openMemoryWorld, transcript), transcript);
    });
  }
});

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
