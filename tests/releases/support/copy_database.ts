import { openDatabase } from "../../../scripts/local/open_database.ts";

/** The address of another database of the same server. */
export function otherDatabase(databaseUrl: string, name: string): string {
  return new URL(`/${name}`, databaseUrl).href;
}

/** Copies a database that nobody is connected to, its rows included; gives the copy's address. */
export async function copyDatabase(databaseUrl: string, name: string): Promise<string> {
  const template = new URL(databaseUrl).pathname.slice(1);
  const maintenance = openDatabase(otherDatabase(databaseUrl, "template1"), { connections: 1 });
  try {
    await maintenance.query(`create database ${name} template ${template}`);
  } finally {
    await maintenance.close();
  }
  return otherDatabase(databaseUrl, name);
}
