/** Writes what is replied now into the transcripts, without a model and with one: `deno run -A tests/transcripts/record.ts [file…]`. Read the difference before you keep it. */
import { isDeepStrictEqual } from "node:util";
import { createMemoryWorlds } from "./open_memory_world.ts";
import { startModels } from "./start_models.ts";
import { listTranscripts, tell, type Transcript, withModel, withoutModel } from "./transcript.ts";

const wanted = Deno.args;
const transcripts = await listTranscripts();
const models = await startModels(transcripts.map(({ transcript }) => transcript));
for (const { file, transcript } of transcripts) {
  if (wanted.length > 0 && !wanted.some((name) => file.includes(name))) continue;
  const told = await record(transcript).catch((error: Error) => {
    throw new Error(`Cannot tell "${file}": ${error.message}`, { cause: error });
  });
  await Deno.writeTextFile(new URL(file, import.meta.url), `${JSON.stringify(told, null, 2)}\n`);
}
await models.stop();

async function record(transcript: Transcript): Promise<Transcript> {
  const without = await tell(createMemoryWorlds(), withoutModel(transcript));
  const present = models.open("present");
  const otherwise = await tell(createMemoryWorlds(present), withModel(transcript));
  const turns = without.turns.map((turn, place) => {
    const { replies, session } = otherwise.turns[place]!;
    const isSame = isDeepStrictEqual([turn.replies, turn.session], [replies, session]);
    return isSame ? turn : { ...turn, with_model: { replies, session } };
  });
  return {
    ...without,
    ...(transcript.model ? { model: transcript.model } : {}),
    turns,
    ...(isDeepStrictEqual(without.rows, otherwise.rows) ? {} : { rows_with_model: otherwise.rows }),
  };
}
