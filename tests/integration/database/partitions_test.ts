import assert from "node:assert/strict";
import postgres from "postgres";
import { readStack } from "../../support/read_stack.ts";

/** Far enough that nobody else makes them. */
const MONTHS = 7;

Deno.test("next months' partitions are made without waiting for whoever writes", async () => {
  const open = () => postgres(readStack().database_url, { max: 1, onnotice: () => {} });
  const writer = open();
  const maker = open();
  const make = async () => {
    const [row] = await maker<{ made: number }[]>`
      select private.make_partitions_ahead(${MONTHS}) as made`;
    return row!.made;
  };
  const readMissing = async () =>
    (await maker<{ name: string }[]>`
      select parent.relname as name
      from pg_class as parent
      where parent.relkind = 'p' and parent.relnamespace = 'public'::regnamespace
        and to_regclass(format('partitions.%I', parent.relname || '_' || to_char(
          date_trunc('month', now() at time zone 'UTC') + make_interval(months => ${MONTHS}), 'YYYY_MM'
        ))) is null
      order by 1`).map(({ name }) => name);
  try {
    // What waits for the writer fails, rather than the test hanging.
    await maker`set statement_timeout = '30s'`;
    await maker`set idle_in_transaction_session_timeout = '30s'`;
    await writer.begin(async (transaction) => {
      // As anybody does who writes a contact, for as long as their transaction goes on.
      await transaction`lock table public.contacts in row exclusive mode`;
      assert.ok(await make() > 0, "what needs no lock of the writer's is made");
      assert.deepEqual(await readMissing(), ["inbound_messages"]);
    });
    assert.ok(await make() > 0, "the rest in the next round");
    assert.deepEqual(await readMissing(), []);
    assert.equal(await make(), 0);
  } finally {
    await maker.unsafe(`do $$
      declare v_partition name;
      begin
        for v_partition in
          select relname from pg_class
          where relnamespace = 'partitions'::regnamespace and relkind = 'r' and relname ~ '_[0-9]{4}_[0-9]{2}$'
            and to_date(right(relname, 7), 'YYYY_MM') > date_trunc('month', now() at time zone 'UTC') + interval '3 months'
        loop
          execute format('drop table partitions.%I', v_partition);
        end loop;
      end
    $$`);
    await Promise.all([writer.end(), maker.end()]);
  }
});
