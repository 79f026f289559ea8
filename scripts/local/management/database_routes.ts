import { Hono } from "hono";
import * as z from "zod";
import postgres from "postgres";
import { ManagementError } from "./management_error.ts";
import { readJson } from "./read_json.ts";

const queryBody = z.object({
  query: z.string().min(1),
  parameters: z.array(z.unknown()).optional(),
  read_only: z.boolean().optional(),
});

/** A backup as `V1BackupsResponse` lists it. */
export const backupSchema = z.object({
  id: z.int(),
  is_physical_backup: z.boolean(),
  status: z.enum(["COMPLETED", "FAILED", "PENDING", "REMOVED", "ARCHIVED", "CANCELLED"]),
  inserted_at: z.string(),
});

export type Backup = z.output<typeof backupSchema>;

/** `/database` of one project: queries run for real on its database. */
export function createDatabaseRoutes(
  { databaseUrl, backups }: { databaseUrl: string; backups: () => Backup[] },
) {
  const app = new Hono();

  app.get("/backups", (c) =>
    c.json({
      region: "eu-central-1",
      walg_enabled: true,
      pitr_enabled: false,
      backups: backups(),
      physical_backup_data: {},
    }));
  app.post("/query", async (c) => {
    const { query, parameters = [], read_only } = await readJson(c.req.raw, queryBody);
    const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
    try {
      if (read_only === true) await sql.unsafe("set default_transaction_read_only = on");
      const rows = parameters.length === 0
        ? await sql.unsafe(query).simple()
        : await sql.unsafe(query, parameters as never[]);
      // Of several statements the last one's rows are the answer.
      const last = Array.isArray(rows[0]) ? rows.at(-1) : rows;
      return c.json([...(last as unknown as object[])], 201);
    } catch (error) {
      const { message, code } = error as { message: string; code?: string };
      throw new ManagementError(400, `Failed to run sql query: ERROR:  ${code}: ${message}\n`);
    } finally {
      await sql.end({ timeout: 1 });
    }
  });
  return app;
}
