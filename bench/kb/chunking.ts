/**
 * How fast documents are cut into chunks, in megabytes of UTF-8 a second.
 *
 *   deno run -A bench/kb/chunking.ts [--rounds 9]
 */
import { parseArgs } from "node:util";
import { printLine } from "../../scripts/local/print_line.ts";
import { chunkDocument } from "../../supabase/functions/_shared/domain/chunking/chunk_document.ts";

/** The largest document that is accepted. */
const DOCUMENT_BYTES = 300_000;

const SHAPES: Record<string, string> = {
  "Markdown with sections":
    "## Deliveries\n\nWe deliver on Mondays and Thursdays. Orders of the morning leave the same day.\n\n" +
    "- Kigali: 1,000 francs\n- Huye: 2,500 francs\n\n| weight | price |\n|---|---|\n| 1 kg | 500 |\n\n",
  "French prose":
    "La coopérative achète le café cerise dès le mois de mars. L’argent est versé le " +
    "vendredi, au bureau ou par téléphone, à qui a sa carte de membre.\n\n",
  "CSV": 'green beans,850,"per kg, washed"\n',
  "one line": "lorem ipsum dolor sit amet ",
};

const { values } = parseArgs({ options: { rounds: { type: "string", default: "9" } } });

for (const [shape, unit] of Object.entries(SHAPES)) {
  const text = unit.repeat(Math.ceil(DOCUMENT_BYTES / new TextEncoder().encode(unit).byteLength));
  const megabytes = new TextEncoder().encode(text).byteLength / 1e6;
  const rates = Array.from({ length: Number(values.rounds) + 1 }, () => {
    const began = performance.now();
    const chunks = chunkDocument(text);
    const seconds = (performance.now() - began) / 1_000;
    if (chunks.map(({ from, to }) => text.slice(from, to)).join("") !== text) {
      throw new Error(`Cannot count "${shape}": its chunks are not the text`);
    }
    return megabytes / seconds;
  }).slice(1).sort((a, b) => a - b);
  const median = rates[Math.floor(rates.length / 2)] ?? 0;
  printLine(
    `${shape.padEnd(24)} ${median.toFixed(1).padStart(7)} MB/s (slowest ${rates[0]?.toFixed(1)})`,
  );
}
