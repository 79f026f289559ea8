/** Readers see the old content or the new one, never half of it. `mode` defaults to 0600. */
export async function writeFileAtomically(path: string, text: string, mode = 0o600): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}`;
  await Deno.writeTextFile(temporary, text, { mode });
  await Deno.rename(temporary, path);
}
