import assert from "node:assert/strict";
import { listTranscripts, tell } from "../../transcripts/transcript.ts";
import { openStackWorld } from "./open_stack_world.ts";

Deno.test("each conversation goes on the stack as it is written down", async (test) => {
  for (const { file, transcript } of await listTranscripts()) {
    if (transcript.fixed_clock) continue;
    await test.step(`${file}: ${transcript.name}`, async () => {
      assert.deepEqual(await tell(openStackWorld, transcript), transcript);
    });
  }
});
