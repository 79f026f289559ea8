import { createHash } from "node:crypto";
import * as z from "zod";

/** The published rules: no name of the platform's own, at most 256 characters, 24 KiB a value. */
export const secretsSchema = z.array(z.object({
  name: z.string().min(1).max(256).regex(/^(?!SUPABASE_).*/, "must not start with SUPABASE_"),
  value: z.string().max(24_576),
})).max(100);

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** The environment that functions get: the platform's own variables and the project's secrets. */
export function createSecretStore(
  platform: Record<string, string>,
  clock: () => number = Date.now,
) {
  const secrets = new Map<string, { value: string; updatedAt: number }>();
  const since = clock();
  let generation = 0;

  return {
    /** Digests only: the platform never shows a value again. */
    list: () =>
      [
        ...Object.entries(platform).map(([name, value]) => ({ name, value, updatedAt: since })),
        ...[...secrets].map(([name, entry]) => ({ name, ...entry })),
      ].sort((one, other) => one.name < other.name ? -1 : 1)
        .map(({ name, value, updatedAt }) => ({
          name,
          value: sha256(value),
          updated_at: new Date(updatedAt).toISOString(),
        })),
    set(entries: z.output<typeof secretsSchema>): void {
      for (const { name, value } of entries) secrets.set(name, { value, updatedAt: clock() });
      generation += 1;
    },
    remove(names: string[]): void {
      for (const name of names) secrets.delete(name);
      generation += 1;
    },
    environment: (): Record<string, string> => ({
      ...platform,
      ...Object.fromEntries([...secrets].map(([name, { value }]) => [name, value])),
    }),
    /** Changes with every change: what booted before it holds old values. */
    generation: () => generation,
  };
}

export type SecretStore = ReturnType<typeof createSecretStore>;
