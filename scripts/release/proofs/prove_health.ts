import * as z from "zod";
import { ReleaseError } from "../release_error.ts";

const healthSchema = z.object({
  version: z.string(),
  /** Absent where the code is older than the question. */
  ready: z.boolean().optional(),
  checks: z.array(z.object({
    name: z.string(),
    state: z.enum(["passed", "failed", "not_applicable"]),
    detail: z.string(),
  })).optional(),
});

const POLL_MILLISECONDS = 1_000;
/** A project's first job runs a minute or two after its clock was set up. */
const HEARTBEAT_LIMIT_MILLISECONDS = 180_000;

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
    const { isReady, words, waitsForClock } = await ask();
    if (isReady) return words;
    const limit = waitsForClock
      ? Math.max(limitMilliseconds, HEARTBEAT_LIMIT_MILLISECONDS)
      : limitMilliseconds;
    if (clock() - started >= limit) {
      throw new ReleaseError("failed", `Cannot call "${slug}" ready: ${words}`);
    }
    await pause(POLL_MILLISECONDS);
  }

  async function ask(): Promise<{ isReady: boolean; words: string; waitsForClock?: boolean }> {
    const asked = clock();
    try {
      const response = await fetch(`${projectUrl}/functions/v1/${slug}/health?ready=1`, {
        headers: { apikey: secretKey },
        signal: AbortSignal.timeout(10_000),
      });
      const text = await response.text();
      const health = healthSchema.safeParse(parseJson(text));
      if (!health.success) return { isReady: false, words: `${response.status} ${short(text)}` };
      const { version: live, ready, checks = [] } = health.data;
      const failed = checks.filter(({ state }) => state === "failed");
      if (failed.length > 0) {
        return {
          isReady: false,
          words: failed.map(({ name, detail }) => `${name}: ${detail}`).join(", "),
          waitsForClock: failed.every(({ name }) => name === "heartbeats"),
        };
      }
      if (!response.ok) return { isReady: false, words: `${response.status} ${short(text)}` };
      if (version !== null && live !== version) {
        return { isReady: false, words: `it is version ${live}, not ${version}` };
      }
      // Code that isn't of this release may be older than the question.
      if (ready !== true && version !== null) {
        return { isReady: false, words: "it doesn't say whether it is ready" };
      }
      return {
        isReady: true,
        words: `${ready ? "ready" : "alive"}, version ${live} (${clock() - asked} ms)`,
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

const short = (text: string) => text.replace(/\s+/g, " ").slice(0, 300);
