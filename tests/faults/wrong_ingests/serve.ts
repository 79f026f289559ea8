/**
 * Two ways to take deliveries that look right until something breaks: arguments are the design, the
 * port and the database's URL. The harness has to find them out; nothing else uses this.
 */
import postgres from "postgres";

const [design = "", port = "0", databaseUrl = ""] = Deno.args;
const sql = postgres(databaseUrl, { max: 10, onnotice: () => {} });

async function store(wamid: string): Promise<void> {
  await sql`insert into wrong_ingest.messages (design, wamid) values (${design}, ${wamid})`;
}

/** The answer first, the work in the background: what dies with the process was acknowledged. */
function acknowledgeFirst(wamid: string): Promise<void> {
  // A background task finds out a few things before it stores; these milliseconds stand for them.
  setTimeout(() => store(wamid).catch(() => {}), 20);
  return Promise.resolve();
}

/** Looks, then writes: two that look at the same time both find nothing. */
async function checkThenInsert(wamid: string): Promise<void> {
  const found =
    await sql`select 1 from wrong_ingest.messages where design = ${design} and wamid = ${wamid}`;
  if (found.length === 0) await store(wamid);
}

const take = design === "acknowledge_first" ? acknowledgeFirst : checkThenInsert;
Deno.serve({ hostname: "127.0.0.1", port: Number(port), onListen() {} }, async (request) => {
  const { wamid } = await request.json() as { wamid: string };
  try {
    await take(wamid);
    return new Response(null, { status: 200 });
  } catch {
    return new Response(null, { status: 503 });
  }
});
