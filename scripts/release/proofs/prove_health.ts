import * as z from "zod";
import { ReleaseError } from "../release_error.ts";

const healthSchema = z.object({
  status: z.enum(["healthy", "degraded", "down"]),
  version: z.string(),
});

const POLL_MILLISECONDS = 1_000;

type Ports = {
  fetch: typeof globalThis.fetch;
  clock(): number;
  pause(milliseconds: number): Promise<void>;
};

/**
 * Asks one function whether it is ready, again while it boots.
 * @param version what it has to be; null where it wasn't deployed
 * @returns what it said, in words
 * @throws ReleaseError `failed` when it isn't ready in time, with the last answer
 */
export async function proveHealth(
  { projectUrl, secretKey, slug, version, limitMilliseconds }: {
    projectUrl: string;
    secretKey: string;
    slug: string;
    version: string | null;
    limitMilliseconds: number;
  },
  { fetch, clock, pause }: Ports,
): Promise<string> {
  const started = clock();
  for (;;) {
    const { isReady, words } = await ask();
    if (isReady) return words;
    if (clock() - started >= limitMilliseconds) {
      throw new ReleaseError("failed", `Cannot call "${slug}" ready: ${words}`);
    }
    await pause(POLL_MILLISECONDS);
  }

  async function ask(): Promise<{ isReady: boolean; words: string }> {
    const asked = clock();
    try {
      const response = await fetch(`${projectUrl}/functions/v1/${slug}/health?ready=1`, {
        headers: { apikey: secretKey },
        signal: AbortSignal.timeout(10_000),
      });
      const text = await response.text();
      const health = healthSchema.safeParse(parseJson(text));
      if (!response.ok || !health.success) {
        return { isReady: false, words: `${response.status} ${describe(text)}` };
      }
      const { status, version: live } = health.data;
      if (version !== null && live !== version) {
        return { isReady: false, words: `it is version ${live}, not ${version}` };
      }
      return {
        isReady: status !== "down",
        words: `${status}, version ${live} (${clock() - asked} ms)`,
      };
    } catch {
      return { isReady: false, words: "no answer" };
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const describe = (text: string) => text.replace(/\s+/g, " ").slice(0, 300);
