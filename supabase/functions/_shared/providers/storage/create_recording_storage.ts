import * as z from "zod";
import { AppError } from "../../errors.ts";
import type { RecordingStorage } from "../../ports_calls.ts";

export const RECORDINGS_BUCKET = "call-recordings";

export type StorageConfig = {
  supabaseUrl: string;
  secretKey: string;
  /** Where browsers reach the project, for signed addresses. */
  publicUrl?: string;
};
type Fetch = (input: string, init: RequestInit) => Promise<Response>;

const signed = z.object({ signedURL: z.string() });
const SIGN_MILLISECONDS = 5_000;
const REMOVE_MILLISECONDS = 20_000;

/**
 * Supabase Storage over its REST API, streamed both ways: a recording is never in memory whole.
 * Its methods throw AppError `provider_failed`, or whatever broke the stream they were given.
 */
export function createRecordingStorage(
  { supabaseUrl, secretKey, publicUrl = supabaseUrl }: StorageConfig,
  fetch: Fetch = globalThis.fetch,
): RecordingStorage {
  const base = `${supabaseUrl.replace(/\/+$/, "")}/storage/v1`;
  const headers: Record<string, string> = secretKey.startsWith("sb_")
    ? { apikey: secretKey }
    : { apikey: secretKey, authorization: `Bearer ${secretKey}` };

  return {
    async upload(path, { body, contentType }, { signal }) {
      let size = 0;
      let broken: unknown;
      const counted = body.pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>({
          transform(chunk, controller) {
            size += chunk.byteLength;
            controller.enqueue(chunk);
          },
        }),
      );
      const watched = rememberFailure(counted, (error) => broken = error);
      try {
        const response = await fetch(`${base}/object/${RECORDINGS_BUCKET}/${encodePath(path)}`, {
          method: "POST",
          headers: { ...headers, "content-type": contentType, "x-upsert": "true" },
          body: watched,
          signal,
        });
        await requireOk(response, "store the recording");
        await response.body?.cancel();
      } catch (error) {
        // Fetch says only that its body failed; why is what matters.
        throw broken ?? error;
      }
      return { size_bytes: size };
    },

    async remove(paths) {
      if (paths.length === 0) return;
      const response = await fetch(`${base}/object/${RECORDINGS_BUCKET}`, {
        method: "DELETE",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify({ prefixes: paths }),
        signal: AbortSignal.timeout(REMOVE_MILLISECONDS),
      });
      await requireOk(response, "remove recordings");
      await response.body?.cancel();
    },

    async createSignedUrl(path, { expiresInSeconds }) {
      const response = await fetch(`${base}/object/sign/${RECORDINGS_BUCKET}/${encodePath(path)}`, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify({ expiresIn: expiresInSeconds }),
        signal: AbortSignal.timeout(SIGN_MILLISECONDS),
      });
      await requireOk(response, "sign the recording's address");
      const parsed = signed.safeParse(await response.json());
      if (!parsed.success) {
        throw new AppError(
          "provider_failed",
          "Cannot sign the recording's address: no address came",
        );
      }
      const { signedURL } = parsed.data;
      return `${publicUrl.replace(/\/+$/, "")}/storage/v1/${signedURL.replace(/^\/+/, "")}`;
    },
  };
}

/** Passes a stream on and tells why it broke, which whoever reads it may not say. */
function rememberFailure(
  stream: ReadableStream<Uint8Array>,
  remember: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        remember(error);
        controller.error(error);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

async function requireOk(response: Response, action: string): Promise<void> {
  if (response.ok) return;
  await response.body?.cancel();
  throw new AppError("provider_failed", `Cannot ${action}: Storage answered ${response.status}`);
}

/** Call ids are the provider's: whatever is in one stays one segment of the path. */
function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
