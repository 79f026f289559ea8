/** Slugs that are deployed from another function's entry point (supabase/config.toml). */
export const FUNCTION_ALIASES: Record<string, string> = { "wa-webhook-unified": "unified-webhook" };

export type Target =
  | { service: "function"; name: string; path: string }
  | { service: "rest" | "auth" | "storage"; path: string }
  | { service: "gateway"; path: string }
  | { service: "none" };

/**
 * Which service answers a path, and the path as that service sees it. A function sees its slug
 * first, as on the platform.
 * @param pathAndQuery what follows the host, e.g. `/functions/v1/ops/health?live=1`
 */
export function chooseTarget(pathAndQuery: string): Target {
  const [, area = "", version, ...rest] = pathAndQuery.split("/");
  if (area === "__gateway") return { service: "gateway", path: pathAndQuery };
  const path = `/${rest.join("/")}`;
  // `/auth/v1?x` without a further slash belongs to nobody.
  if (version !== "v1") return { service: "none" };
  if (area === "functions") {
    const slug = path.slice(1).split(/[/?]/, 1)[0] ?? "";
    return { service: "function", name: FUNCTION_ALIASES[slug] ?? slug, path };
  }
  if (area === "rest" || area === "auth" || area === "storage") return { service: area, path };
  return { service: "none" };
}
