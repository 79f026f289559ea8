import { AppError } from "../../errors.ts";
import type { DocumentStorage } from "../../ports_documents.ts";

export const DOCUMENTS_BUCKET = "knowledge";
const LIMIT_MILLISECONDS = 20_000;

type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** The bucket of uploads, over Supabase Storage's REST API. */
export function createDocumentStorage(
  { supabaseUrl, secretKey }: { supabaseUrl: string; secretKey: string },
  fetch: Fetch = globalThis.fetch,
): DocumentStorage {
  const base = `${supabaseUrl.replace(/\/+$/, "")}/storage/v1/object/${DOCUMENTS_BUCKET}`;
  const headers: Record<string, string> = secretKey.startsWith("sb_")
    ? { apikey: secretKey }
    : { apikey: secretKey, authorization: `Bearer ${secretKey}` };
  const send = async (action: string, path: string, init: RequestInit): Promise<Response> => {
    try {
      const signal = AbortSignal.timeout(LIMIT_MILLISECONDS);
      return await fetch(`${base}${path}`, { ...init, signal });
    } catch (cause) {
      throw new AppError("provider_failed", `Cannot ${action}: Storage did not answer`, { cause });
    }
  };

  return {
    async upload(path, bytes, { contentType }) {
      const response = await send("store the file", encodePath(path), {
        method: "POST",
        headers: { ...headers, "content-type": contentType, "x-upsert": "true" },
        body: bytes as BodyInit,
      });
      await response.body?.cancel();
      requireOk(response, "store the file");
    },

    async download(path, { maxBytes }) {
      const response = await send("fetch the file", encodePath(path), { headers });
      if (!response.ok) {
        const { error } = await response.json().catch(() => ({})) as { error?: unknown };
        // Storage answers 400 for what isn't there, and says so in the body alone.
        if (response.status === 404 || /not.?found/i.test(String(error))) {
          throw new AppError("not_found", `Cannot fetch "${path}": there is no such file`);
        }
        requireOk(response, "fetch the file");
      }
      return {
        bytes: await readAtMost(response, path, maxBytes),
        mime_type: response.headers.get("content-type")?.split(";")[0]?.trim() || null,
      };
    },

    async remove(paths) {
      if (paths.length === 0) return;
      const response = await send("remove files", "", {
        method: "DELETE",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify({ prefixes: paths }),
      });
      await response.body?.cancel();
      requireOk(response, "remove files");
    },
  };
}

async function readAtMost(response: Response, path: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const { done, value } = await reader?.read() ?? { done: true, value: undefined };
    if (done) break;
    size += value.byteLength;
    if (size > maxBytes) {
      await reader?.cancel();
      throw new AppError(
        "payload_too_large",
        `Cannot fetch "${path}": it is larger than ${maxBytes} bytes`,
        { extensions: { maxBytes } },
      );
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function requireOk(response: Response, action: string): void {
  if (response.ok) return;
  throw new AppError("provider_failed", `Cannot ${action}: Storage answered ${response.status}`);
}

function encodePath(path: string): string {
  return `/${path.split("/").map(encodeURIComponent).join("/")}`;
}
