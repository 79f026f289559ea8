import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's root folder. */
export const REPOSITORY: string = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

export const FUNCTIONS_FOLDER: string = join(REPOSITORY, "supabase", "functions");
