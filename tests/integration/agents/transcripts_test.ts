import assert from "node:assert/strict";
import { mapConcurrently } from "../../../supabase/functions/_shared/services/map_concurrently.ts";
import {
  listTranscripts,
  tell,
  type Transcript,
  withoutModel,
} from "../../transcripts/transcript.ts";
import { createStackWorlds, type StackOptions } from "./open_stack_world.ts";

const transcripts = await listTranscripts();
/** Each has an organization of its own; more at once than cores only because a turn mostly waits. */
const AT_ONCE = 6;

async function tellAll(
  files: typeof transcripts,
  { expect, ...options }: StackOptions & { expect: (transcript: Transcript) => Transcript },
): Promise<void> {
  const worlds = createStackWorlds(options);
  const wrong: string[] = [];
  await mapConcurrently(files, AT_ONCE, async ({ file, transcript }) => {
    const expected = expect(transcript);
    try {
      assert.deepEqual(await tell(worlds, expected), expected);
    } catch (error) {
      wrong.push(`${file}: ${error instanceof Error ? error.message : error}`);
    }
  });
  assert.deepEqual(wrong, []);
}

Deno.test("each conversation goes on the stack as it is written down", () =>
  tellAll(transcripts, { expect: withoutModel }));
