import assert from "node:assert/strict";
import postgres from "postgres";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";

const MONTHS = ["2020_01", "2020_02"] as const;
const TABLES = ["inbound_messages", "unified_agent_events"] as const;

const readOld = async () =>
  (await queryDatabase<{ relname: string }>(
    "select relname from pg_class where relnamespace = 'partitions'::regnamespace and relkind = 'r' and relname ~ '_2020_0[12]$' order by 1",
  )).map(({ relname }) => relname);

async function expire(): Promise<Record<string, unknown>> {
  const [row] = await queryDatabase<{ answer: Record<string, unknown> }>(
    `select public.expire_messages('{"limit": 100}') as answer`,
  );
  return row!.answer;
}

Deno.test("a month that somebody is reading holds no other up, and goes in a later round", async () => {
  for (const table of TABLES) {
    for (const month of MONTHS) {
      const from = `${month.replace("_", "-")}-01`;
      await queryDatabase(
        `create table partitions.${table}_${month} partition of public.${table}
         for values from ('${from}') to ('${from}'::timestamptz + interval '1 month')`,
      );
    }
  }
  assert.equal((await readOld()).length, 4);
  // What else the round does must not be lost either.
  await queryDatabase(
    `insert into private.send_claims (id, claimed_at) values (gen_random_uuid(), now() - interval '1 day')`,
  );
  const sql = postgres(readStack().database_url, { max: 1, onnotice: () => {} });
  try {
    await sql.begin(async (reader) => {
      await reader`select count(*) from partitions.inbound_messages_2020_01`;
      const counts = await expire();
      assert.equal(counts["code"], "expired");
      assert.equal(counts["partitions_dropped"], 3);
      assert.ok(Number(counts["send_claims"]) >= 1);
      assert.deepEqual(await readOld(), ["inbound_messages_2020_01"]);
    });
  } finally {
    await sql.end();
  }
  assert.equal((await expire())["partitions_dropped"], 1);
  assert.deepEqual(await readOld(), []);
});
