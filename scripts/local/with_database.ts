import { join } from "node:path";
import { findFreePort } from "./find_free_port.ts";
import { bootstrapDatabase } from "./prepare_database.ts";
import { pushMigrations } from "./migrate_database.ts";
import { openDatabase } from "./open_database.ts";
import { openProcessRegistry } from "./process_registry.ts";
import { resetState } from "./reset_state.ts";
import { startPostgres } from "./start_postgres.ts";

/** A throw-away PostgreSQL with every migration applied, or none; gone when `use` is done. */
export async function withDatabase<Result>(
  folder: string,
  use: (databaseUrl: string) => Promise<Result>,
  { isMigrated = true }: { isMigrated?: boolean } = {},
): Promise<Result> {
  const stateFolder = join(folder, `database-${Deno.pid}`);
  await Deno.mkdir(stateFolder, { recursive: true });
  const registry = await openProcessRegistry(stateFolder);
  const supervision = { stateFolder, registry, echo: false, notice: () => {} };
  const { process, url } = await startPostgres({ stateFolder, port: findFreePort(), supervision });
  try {
    await process.ready();
    const database = openDatabase(url, { connections: 1 });
    await bootstrapDatabase(database).finally(() => database.close());
    if (isMigrated) await pushMigrations(url);
    return await use(url);
  } finally {
    await process.stop();
    await registry.close();
    await resetState(stateFolder);
  }
}
