import { openDatabase } from "../../../scripts/local/open_database.ts";

type Row = Record<string, unknown>;

/** Rows by table. */
export type Rows = Map<string, Row[]>;

/** Every row of every table that is ours. */
export async function readRows(databaseUrl: string): Promise<Rows> {
  const database = openDatabase(databaseUrl, { connections: 1 });
  try {
    const tables = await database.query<{ name: string }>(`
      select format('%I.%I', schemaname, tablename) as name
      from pg_catalog.pg_tables
      where schemaname in ('public', 'private', 'auth')
      order by 1`);
    const rows: Rows = new Map();
    for (const { name } of tables) {
      const found = await database.query<{ row: Row }>(
        `select to_jsonb(one) as row from ${name} as one`,
      );
      rows.set(name, found.map(({ row }) => row));
    }
    return rows;
  } finally {
    await database.close();
  }
}

function write(row: Row, columns: string[]): string {
  return JSON.stringify(columns.map((column) => [column, row[column]]));
}

/**
 * What was there before and isn't any more, each column as it was: `<table>: <row>`. New tables,
 * rows and columns are nobody's loss.
 */
export function findLosses(before: Rows, after: Rows): string[] {
  return [...before].flatMap(([table, rows]) => {
    const columns = Object.keys(rows[0] ?? {}).sort();
    const left = new Map<string, number>();
    for (const row of after.get(table) ?? []) {
      const text = write(row, columns);
      left.set(text, (left.get(text) ?? 0) + 1);
    }
    return rows.map((row) => write(row, columns)).filter((text) => {
      const count = left.get(text) ?? 0;
      left.set(text, count - 1);
      return count < 1;
    }).map((text) => `${table}: ${text}`);
  });
}
