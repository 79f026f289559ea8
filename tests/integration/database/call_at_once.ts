import postgres from "postgres";
import { readStack } from "../../support/read_stack.ts";

export type RpcCall = { name: string; request: postgres.JSONValue };
export type RpcAnswer = { code: string } & Record<string, unknown>;

const LOCK_KEY = 20_261_120;

/**
 * Calls SQL functions as the service role, each on a connection of its own, all released at the
 * same instant: they wait for one lock, and it is let go when every one of them is waiting.
 */
export async function callAtOnce(calls: RpcCall[]): Promise<RpcAnswer[]> {
  const sql = postgres(readStack().database_url, { max: calls.length + 1, onnotice: () => {} });
  try {
    const gate = await sql.reserve();
    await gate`select pg_advisory_lock(${LOCK_KEY})`;
    const answers = calls.map(({ name, request }) =>
      sql.begin(async (transaction) => {
        await transaction`set local role service_role`;
        await transaction`set local statement_timeout = '20s'`;
        await transaction`select pg_advisory_xact_lock_shared(${LOCK_KEY})`;
        const [row] = await transaction`
          select to_jsonb(public.${transaction(name)}(${transaction.json(request)})) as answer`;
        return row?.answer as RpcAnswer;
      })
    );
    const settled = Promise.all(answers);
    let waiting = 0;
    while (waiting < calls.length) {
      const [row] = await Promise.race([
        gate`select count(*)::int as waiting from pg_locks
             where locktype = 'advisory' and objid = ${LOCK_KEY} and not granted`,
        // A call that failed will never wait.
        settled.then(() => [{ waiting: calls.length }]),
      ]);
      waiting = row?.waiting as number;
    }
    await gate`select pg_advisory_unlock(${LOCK_KEY})`;
    gate.release();
    return await settled;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** The same call many times. */
export function repeat(count: number, call: (index: number) => RpcCall): RpcCall[] {
  return Array.from({ length: count }, (_, index) => call(index));
}

/** How many answers have each code. */
export function countCodes(answers: RpcAnswer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of answers) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
