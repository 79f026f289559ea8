import type { WaitUntil } from "./ports.ts";

type Platform = { EdgeRuntime?: { waitUntil?: WaitUntil } };

/**
 * Keeps an isolate alive for work that outlives its response, where the platform can; elsewhere
 * the process lives on by itself. A rejection is the work's own to report: it never ends a process.
 */
export const waitUntil: WaitUntil = (work) => {
  const settled = work.catch(() => {});
  (globalThis as Platform).EdgeRuntime?.waitUntil?.(settled);
};
