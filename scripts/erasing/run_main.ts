import { printError } from "../local/print_line.ts";

/** Ends the process with 1 where not all was done, or with one clear sentence. */
export async function runMain(work: () => Promise<boolean>): Promise<void> {
  try {
    if (!await work()) Deno.exit(1);
  } catch (error) {
    printError((error as Error).message);
    Deno.exit(1);
  }
}
