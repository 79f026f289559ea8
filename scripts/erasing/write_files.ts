import { dirname, join } from "node:path";
import type {
  KeptOutside,
  ReadStoredFile,
} from "../../supabase/functions/_shared/ports_erasing.ts";
import { nameSegment } from "./name_segment.ts";

/** What became of the files of an export; `missing` are paths of files that Storage doesn't have. */
export type FilesWritten = { recordings: number; documents: number; missing: string[] };

/** Writes the recordings and documents of a page into `files/`, under their paths in Storage. */
export async function writeFiles(
  readFile: ReadStoredFile,
  { page, folder, written }: { page: KeptOutside; folder: string; written: FilesWritten },
): Promise<void> {
  const recordings = page.calls.flatMap(({ recording_storage_path: path }) => path ?? []);
  for (const [kind, paths] of [["recordings", recordings], ["documents", page.files]] as const) {
    for (const path of paths) {
      const body = await readFile(kind, path);
      if (body === null) {
        written.missing.push(`${kind}/${path}`);
        continue;
      }
      const file = join(folder, "files", kind, ...path.split("/").map(nameSegment));
      await Deno.mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await Deno.writeFile(file, body, { mode: 0o600 });
      written[kind] += 1;
    }
  }
}
