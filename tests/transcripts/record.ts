/** Writes what is replied now into the transcripts: `deno run -A tests/transcripts/record.ts [file…]`. Read the difference before you keep it. */
import { openMemoryWorld } from "./open_memory_world.ts";
import { listTranscripts, tell } from "./transcript.ts";

const wanted = Deno.args;
for (const { file, transcript } of await listTranscripts()) {
  if (wanted.length > 0 && !wanted.some((name) => file.includes(name))) continue;
  const told = await tell(openMemoryWorld, transcript).catch((error: Error) => {
    throw new Error(`Cannot tell "${file}": ${error.message}`, { cause: error });
  });
  await Deno.writeTextFile(new URL(file, import.meta.url), `${JSON.stringify(told, null, 2)}\n`);
}
