import type { ReleaseContext } from "./release_context.ts";

/** One that was idle takes a moment; one that doesn't boot has nothing to tell. */
const ATTEMPTS = 3;

/** What each of these functions calls itself; null where it doesn't say. */
export async function readCodes(
  { fetch, target, pause }: Pick<ReleaseContext, "fetch" | "target" | "pause">,
  slugs: readonly string[],
): Promise<Record<string, string | null>> {
  const ask = async (slug: string, attempt = 1): Promise<string | null> => {
    try {
      const response = await fetch(`${target.projectUrl}/functions/v1/${slug}/health?live=1`, {
        signal: AbortSignal.timeout(10_000),
      });
      const { version } = await response.json();
      return typeof version === "string" ? version : null;
    } catch {
      if (attempt === ATTEMPTS) return null;
      await pause(1_000);
      return await ask(slug, attempt + 1);
    }
  };
  return Object.fromEntries(
    await Promise.all(slugs.map(async (slug) => [slug, await ask(slug)] as const)),
  );
}
