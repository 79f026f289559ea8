import type { PGlite } from "@electric-sql/pglite";
import type { SharedDatabase } from "./share_database.ts";

/** `POST /query {text, parameters}` answers rows; `POST /execute {script}` runs in a transaction. */
export async function answerQuery(
  shared: SharedDatabase,
  db: PGlite,
  request: Request,
): Promise<Response> {
  const body = await request.json() as { text?: string; parameters?: unknown[]; script?: string };
  try {
    if (body.script !== undefined) {
      const { script } = body;
      await shared.exclusively(() => db.transaction((transaction) => transaction.exec(script)));
      return Response.json({});
    }
    const result = await shared.exclusively(() => db.query(body.text ?? "", body.parameters));
    return new Response(
      JSON.stringify(result.rows, (_, value) => typeof value === "bigint" ? String(value) : value),
    );
  } catch (error) {
    const { message, code } = error as { message: string; code?: string };
    return Response.json({ message, sql_state: code ?? "" }, { status: 400 });
  }
}
