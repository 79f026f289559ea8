import { AppError } from "../errors.ts";
import type { RecordingStorage, RecordingStore } from "../ports_calls.ts";

const EXPIRES_IN_SECONDS = 15 * 60;

/**
 * An address that a browser can play a call's recording from, for a quarter of an hour.
 * @throws AppError `not_found`: no such call in this organization, or no copy of its recording (yet)
 */
export async function signRecording(
  { recordings, recordingStorage }: {
    recordings: Pick<RecordingStore, "readRecording">;
    recordingStorage: Pick<RecordingStorage, "createSignedUrl">;
  },
  { orgId, vapiCallId }: { orgId: string; vapiCallId: string },
): Promise<{ url: string; expiresInSeconds: number }> {
  const found = await recordings.readRecording({ org_id: orgId, vapi_call_id: vapiCallId });
  if (found.code === "not_found") {
    throw new AppError("not_found", `Cannot find call "${vapiCallId}": there is none by this id`);
  }
  if (found.code === "not_stored") {
    const why = found.state === "queued" ? "it is still being copied" : "there is no copy of it";
    throw new AppError("not_found", `Cannot find the recording of call "${vapiCallId}": ${why}`, {
      extensions: { state: found.state },
    });
  }
  const url = await recordingStorage.createSignedUrl(found.storage_path, {
    expiresInSeconds: EXPIRES_IN_SECONDS,
  });
  return { url, expiresInSeconds: EXPIRES_IN_SECONDS };
}
