import { join } from "node:path";
import { parseEnv } from "node:util";
import { REPOSITORY } from "./repository.ts";

/** The variables of the checkout's `.env`; none without such a file. */
export async function readDotenv(
  path: string = join(REPOSITORY, ".env"),
): Promise<Record<string, string>> {
  try {
    return parseEnv(await Deno.readTextFile(path)) as Record<string, string>;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}
