import { createHash } from "node:crypto";
import { AppError } from "../errors.ts";
import type { Logger } from "../ports.ts";
import type {
  ClaimedRecording,
  DownloadRecording,
  RecordingStorage,
  RecordingStore,
} from "../ports_calls.ts";

export const RECORDING_ATTEMPTS = 8;
/** One recording's longest time, well inside the lease of whoever uploads it. */
const UPLOAD_MILLISECONDS = 60_000;

export type UploadPorts = {
  recordings: RecordingStore;
  downloadRecording: DownloadRecording;
  recordingStorage: RecordingStorage;
  logger: Logger;
};

/**
 * Copies one recording into Storage and records what came of it. What will never be taken (its host,
 * its size, what it is) is given up at once; everything else is tried again later.
 */
export async function uploadRecording(
  { recordings, downloadRecording, recordingStorage, logger }: UploadPorts,
  claimed: ClaimedRecording,
): Promise<"uploaded" | "failed" | "refused" | "lease_lost"> {
  const { id, org_id, vapi_call_id, fencing_token, source_url, attempts } = claimed;
  const fields = { org_id, call_id: vapi_call_id, attempts };
  const base = { id, fencing_token, max_attempts: RECORDING_ATTEMPTS };
  const path = nameRecording(org_id, vapi_call_id);
  const signal = AbortSignal.timeout(UPLOAD_MILLISECONDS);
  try {
    const download = await downloadRecording(source_url, { signal });
    const { size_bytes } = await recordingStorage.upload(path, download, {
      signal,
    });
    const recorded = await recordings.recordRecording({
      ...base,
      outcome: "uploaded",
      storage_path: path,
      content_type: download.contentType,
      size_bytes,
      error: null,
    });
    if (recorded.code === "lease_lost") {
      logger.warn("Recording's lease was lost while it was uploaded", fields);
      return "lease_lost";
    }
    logger.info("Recording uploaded", { ...fields, size_bytes });
    return "uploaded";
  } catch (error) {
    const outcome = isFinal(error) ? "refused" : "failed";
    const recorded = await recordings.recordRecording({
      ...base,
      outcome,
      storage_path: null,
      content_type: null,
      size_bytes: null,
      error: describe(error),
    });
    const dead = recorded.code === "recorded" &&
      recorded.state === "dead_lettered";
    if (dead) logger.critical("Recording dead-lettered", { ...fields, error });
    else logger.warn("Recording could not be uploaded", { ...fields, error });
    return outcome;
  }
}

/**
 * `<org_id>/<call id>`. An id that isn't made of letters, digits, `-` and `_` alone could mean
 * another path, so its digest stands for it.
 */
export function nameRecording(orgId: string, vapiCallId: string): string {
  const name = /^[A-Za-z0-9_-]{1,200}$/.test(vapiCallId)
    ? vapiCallId
    : createHash("sha256").update(vapiCallId).digest("hex");
  return `${orgId}/${name}`;
}

function isFinal(error: unknown): boolean {
  return error instanceof AppError &&
    (error.code === "forbidden" || error.code === "payload_too_large");
}

/** Errors of the runtime may quote the address, whose query can be a credential. */
function describe(error: unknown): string {
  if (error instanceof AppError) return error.message;
  const name = error instanceof Error ? error.name : "error";
  return name === "TimeoutError" ? "It took longer than a minute" : `Cannot fetch it: ${name}`;
}
