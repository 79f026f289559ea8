/** Writes everything: one write to a pipe may take only a part. */
export function writeBytes(bytes: Uint8Array): void {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(Deno.stdout.writeSync(rest));
}

/** Tools speak to a terminal; only functions log through a logger. */
export function printLine(text: string): void {
  // deno-lint-ignore no-console
  console.log(text);
}

export function printError(text: string): void {
  // deno-lint-ignore no-console
  console.error(text);
}
