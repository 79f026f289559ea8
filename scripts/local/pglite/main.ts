/**
 * PGlite in a process of its own, since each of its queries blocks the thread it runs on.
 * Arguments: --data-folder= --wire-port= --query-port=; environment: QUERY_TOKEN.
 */
import { PGlite } from "@electric-sql/pglite";
import { pgcrypto } from "@electric-sql/pglite/contrib/pgcrypto";
import { uuid_ossp } from "@electric-sql/pglite/contrib/uuid_ossp";
import { pgtap } from "@electric-sql/pglite-pgtap";
import { vector } from "@electric-sql/pglite-pgvector";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { Buffer } from "node:buffer";
import { parseArgs } from "node:util";
import { endWithParent } from "../end_with_parent.ts";
import { answerQuery } from "./answer_query.ts";
import { shareDatabase } from "./share_database.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    "data-folder": { type: "string", default: "" },
    "wire-port": { type: "string", default: "" },
    "query-port": { type: "string", default: "" },
  },
});

const db = await PGlite.create(values["data-folder"], {
  extensions: { pgcrypto, uuid_ossp, pgtap, vector },
});
const shared = shareDatabase(db);

const socketServer = new PGLiteSocketServer({
  db: shared.wire as PGlite,
  host: "127.0.0.1",
  port: Number(values["wire-port"]),
  maxConnections: 1,
});
await socketServer.start();

const password = Deno.env.get("QUERY_TOKEN") ?? "";
const authorization = `Basic ${Buffer.from(`postgres:${password}`).toString("base64")}`;
Deno.serve(
  { hostname: "127.0.0.1", port: Number(values["query-port"]), onListen: () => {} },
  (request) =>
    request.headers.get("authorization") === authorization
      ? answerQuery(shared, db, request)
      : new Response(null, { status: 401 }),
);

async function close(): Promise<never> {
  await db.close();
  Deno.exit(0);
}
Deno.addSignalListener("SIGTERM", close);
await endWithParent(close);
