import { AppError } from "../../errors.ts";
import type { DownloadRecording } from "../../ports_calls.ts";
import type { RequireAllowed } from "./allow_hosts.ts";

type Fetch = (input: URL, init: RequestInit) => Promise<Response>;

const MAX_REDIRECTS = 5;
/** Hosts that give away files often don't know what is in them. */
const AUDIO = /^(?:audio\/|video\/|application\/(?:octet-stream|ogg)|binary\/octet-stream)/i;

/**
 * Opens a recording at the provider. Every redirect is followed by hand, and only to where the list
 * of hosts allows; no credential goes along.
 * @returns a function that throws AppError `forbidden` for an address or content that is never
 *   going to be taken, `payload_too_large`, and `provider_failed` for what may work later
 */
export function createRecordingDownload(
  { requireAllowed, maxBytes }: { requireAllowed: RequireAllowed; maxBytes: number },
  fetch: Fetch = globalThis.fetch,
): DownloadRecording {
  return async (address, { signal }) => {
    let url = requireAllowed(address);
    for (let redirects = 0;; redirects++) {
      const response = await fetch(url, {
        redirect: "manual",
        signal,
        headers: { accept: "audio/*, application/octet-stream;q=0.8" },
      });
      const location = response.status >= 300 && response.status < 400
        ? response.headers.get("location")
        : null;
      if (location !== null) {
        await response.body?.cancel();
        if (redirects === MAX_REDIRECTS || !URL.canParse(location, url)) {
          throw new AppError("forbidden", `Cannot fetch "${url.host}": it redirects without end`);
        }
        url = requireAllowed(new URL(location, url).href);
        continue;
      }
      return await open(response, url, maxBytes);
    }
  };
}

async function open(response: Response, url: URL, maxBytes: number) {
  const end = async (code: "forbidden" | "payload_too_large" | "provider_failed", why: string) => {
    await response.body?.cancel();
    return new AppError(code, `Cannot fetch "${url.host}": ${why}`);
  };
  if (!response.ok || response.body === null) {
    throw await end("provider_failed", `it answered ${response.status}`);
  }
  const contentType = response.headers.get("content-type")?.split(";")[0]?.trim() ||
    "application/octet-stream";
  if (!AUDIO.test(contentType)) {
    throw await end("forbidden", `it sent "${contentType}", which is no recording`);
  }
  const announced = Number(response.headers.get("content-length") ?? Number.NaN);
  if (announced > maxBytes) {
    throw await end("payload_too_large", `the recording is larger than ${maxBytes} bytes`);
  }
  return {
    body: response.body.pipeThrough(limitBytes(maxBytes, url.host)),
    contentType,
    // What is compressed on the way is longer than announced.
    length: response.headers.has("content-encoding") || !Number.isSafeInteger(announced)
      ? null
      : announced,
  };
}

function limitBytes(maxBytes: number, host: string) {
  let size = 0;
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.byteLength;
      if (size > maxBytes) {
        controller.error(
          new AppError(
            "payload_too_large",
            `Cannot fetch "${host}": the recording is larger than ${maxBytes} bytes`,
          ),
        );
      } else controller.enqueue(chunk);
    },
  });
}
