import { ProviderError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import type { RecordingStorage } from "../ports_calls.ts";
import type { ErasureStore, Subject } from "../ports_erasing.ts";
import { eraseUnheardCalls } from "./erase_unheard_calls.ts";
import { listKeptOutside } from "./list_kept_outside.ts";
import { mapConcurrently } from "./map_concurrently.ts";
import { openVapiCalls, type OpenVapiCallsPorts } from "./open_vapi_calls.ts";

export type EraseCallsPorts = OpenVapiCallsPorts & {
  erasure: ErasureStore;
  recordings: Pick<RecordingStorage, "remove">;
  clock: Clock;
};

const AT_ONCE = 4;

/**
 * Deletes calls at Vapi, with what it keeps of them, and their recordings in Storage. Changes no row,
 * so that whatever is cut off is found again. Answers what is still there, for people.
 * @param looked what a call before this one has dealt with and isn't looked at again; added to
 * @throws AppError `provider_failed` when Storage refuses
 */
export async function eraseCallsOutside(
  ports: EraseCallsPorts,
  { subject, looked }: { subject: Subject; looked: Set<string> },
): Promise<{ calls: number; recordings: number; problems: string[] }> {
  const erased = { calls: 0, recordings: 0, problems: new Array<string>() };
  const account = await openVapiCalls(ports, subject);
  const isNew = (key: string) => !looked.has(key) && looked.add(key).size > 0;
  for await (const page of listKeptOutside(ports, { subject })) {
    const call_requests = page.call_requests.filter(({ id }) => isNew(id));
    const calls = page.calls.filter(({ id }) => isNew(id));
    // A recording may come after its call.
    const paths = page.calls.flatMap(({ recording_storage_path: path }) =>
      path !== null && isNew(path) ? [path] : []
    );
    const unheard = await eraseUnheardCalls({ account, clock: ports.clock }, call_requests);
    erased.calls += unheard.calls;
    erased.problems.push(...unheard.problems);
    if (account === null && calls.length > 0) {
      erased.problems.push(`vapi: ${calls.length} calls: it is not connected`);
    }
    await mapConcurrently(account === null ? [] : calls, AT_ONCE, async ({ vapi_call_id }) => {
      try {
        await account?.client.deleteCall(vapi_call_id);
        erased.calls += 1;
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        erased.problems.push(`vapi: call ${vapi_call_id}: ${error.reason}`);
      }
    });
    if (paths.length > 0) await ports.recordings.remove(paths);
    erased.recordings += paths.length;
  }
  return erased;
}
