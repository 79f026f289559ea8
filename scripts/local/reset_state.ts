import { endStaleProcesses } from "./process_registry.ts";
import { chooseDataFolder } from "./start_postgres.ts";

/** Forgets everything a stack kept. Throws StackError while a stack runs there. */
export async function resetState(stateFolder: string): Promise<void> {
  await endStaleProcesses(stateFolder);
  for (const folder of [await chooseDataFolder(stateFolder), stateFolder]) {
    await Deno.remove(folder, { recursive: true }).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}
