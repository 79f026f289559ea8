import { AppError } from "../../errors.ts";
import type { ReadStoredFile } from "../../ports_erasing.ts";
import { RECORDINGS_BUCKET, type StorageConfig } from "./create_recording_storage.ts";
import { DOCUMENTS_BUCKET } from "./create_document_storage.ts";

type Fetch = (input: string, init: RequestInit) => Promise<Response>;

const BUCKETS = { recordings: RECORDINGS_BUCKET, documents: DOCUMENTS_BUCKET } as const;

/** Files of Supabase Storage, streamed. Throws AppError `provider_failed` when it doesn't give them. */
export function createFileReader(
  { supabaseUrl, secretKey }: Pick<StorageConfig, "supabaseUrl" | "secretKey">,
  fetch: Fetch = globalThis.fetch,
): ReadStoredFile {
  const base = `${supabaseUrl.replace(/\/+$/, "")}/storage/v1/object`;
  const headers: Record<string, string> = secretKey.startsWith("sb_")
    ? { apikey: secretKey }
    : { apikey: secretKey, authorization: `Bearer ${secretKey}` };
  return async (kind, path) => {
    const name = path.split("/").map(encodeURIComponent).join("/");
    const response = await fetch(`${base}/${BUCKETS[kind]}/${name}`, { headers });
    if (response.ok && response.body !== null) return response.body;
    const { error } = await response.json().catch(() => ({})) as { error?: unknown };
    // Storage answers 400 for what isn't there, and says so in the body alone.
    if (response.status === 404 || /not.?found/i.test(String(error))) return null;
    throw new AppError(
      "provider_failed",
      `Cannot fetch "${path}": Storage answered ${response.status}`,
    );
  };
}
