/**
 * Reads one document and prints what came of it, with the processor's time and the memory that the
 * whole process took: arguments are a file, its name and the first page. Linux only.
 */
import { createTextExtractor } from "../../../supabase/functions/_shared/providers/extraction/create_text_extractor.ts";

const [path = "", file_name = "", first_page = "1"] = Deno.args;
const bytes = await Deno.readFile(path);

/** User and system time in hundredths of a second: the 14th and 15th field of proc(5)'s stat. */
const readProcessorTime = () => {
  const fields = Deno.readTextFileSync("/proc/self/stat").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
};
const began = readProcessorTime();
const outcome = await createTextExtractor().extractPages(
  { bytes, file_name, mime_type: null },
  { first_page: Number(first_page), max_milliseconds: 800, max_bytes: 300_000 },
).then(
  ({ pages, next_page }) => ({ characters: pages.join("").length, next_page }),
  (error) => ({ code: error.code ?? error.name, message: error.message }),
);
const peak = /VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))?.[1];
const report = {
  ...outcome,
  processor_milliseconds: readProcessorTime() - began,
  peak_megabytes: Number(peak) / 1024,
};
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(report)));
