import { join } from "node:path";
import { ProviderError } from "../../supabase/functions/_shared/errors.ts";
import type { VapiCalls } from "../../supabase/functions/_shared/ports_calling.ts";
import type { KeptOutside } from "../../supabase/functions/_shared/ports_erasing.ts";
import { mapConcurrently } from "../../supabase/functions/_shared/services/map_concurrently.ts";
import { nameSegment } from "./name_segment.ts";

/** Calls at Vapi, or why nobody can ask for them. */
export type CallsSource = { client: Pick<VapiCalls, "readCall"> } | { unreadable: string };

/**
 * What became of the calls of an export; `missing` are ids of calls that Vapi doesn't have (any more),
 * `unreadable` why nothing was asked for `ids_only` of them.
 */
export type CallsWritten = {
  written: number;
  missing: string[];
  ids_only: number;
  unreadable: string | null;
};

const AT_ONCE = 4;

/**
 * Writes the calls of a page into `vapi/calls/`, each as Vapi answers it.
 * @throws Error with one clear sentence when Vapi doesn't answer, or refuses the key
 */
export async function writeCalls(
  source: CallsSource,
  { page, folder, written }: { page: KeptOutside; folder: string; written: CallsWritten },
): Promise<void> {
  if ("unreadable" in source) {
    written.unreadable = source.unreadable;
    written.ids_only += page.calls.length;
    return;
  }
  const calls = join(folder, "vapi", "calls");
  await Deno.mkdir(calls, { recursive: true, mode: 0o700 });
  let failure: Error | null = null;
  await mapConcurrently(page.calls, AT_ONCE, async ({ vapi_call_id: id }) => {
    // Nothing is written any more once this has thrown.
    if (failure !== null) return;
    try {
      const call = await source.client.readCall(id);
      if (call === null) {
        written.missing.push(id);
        return;
      }
      const text = `${JSON.stringify(call, null, 2)}\n`;
      await Deno.writeTextFile(join(calls, `${nameSegment(id)}.json`), text, { mode: 0o600 });
      written.written += 1;
    } catch (error) {
      failure ??= describeFailure(id, error);
    }
  });
  if (failure !== null) throw failure;
}

function describeFailure(id: string, error: unknown): Error {
  if (!(error instanceof ProviderError)) return error as Error;
  return new Error(
    `Cannot read call "${id}" at Vapi: ${error.reason}; --without-files leaves calls out`,
    { cause: error },
  );
}
