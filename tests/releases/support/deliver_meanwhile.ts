import { StackError } from "../../../scripts/local/stack_error.ts";
import { deliverUnderFaults, type Findings } from "../../faults/harness/deliver_under_faults.ts";
import type { Tenant } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { deliver, writeDelivery, writeMessage } from "../../support/whatsapp.ts";

/** A push that met a deadlock or waited too long for its lock is made again, as an operator does. */
const PUSHES = 3;

async function pushAgain(push: () => Promise<void>): Promise<number> {
  for (let nth = 1;; nth++) {
    try {
      await push();
      return nth;
    } catch (error) {
      const isTransient = error instanceof StackError &&
        /deadlock|lock timeout/.test(error.message);
      if (!isTransient || nth === PUSHES) throw error;
    }
  }
}

/**
 * Delivers messages to one organization, again where they weren't acknowledged, and pushes in the
 * middle of it. Gives what became of the messages, and how many pushes it took.
 */
export async function deliverMeanwhile(
  { accounts, orgId }: Tenant,
  push: () => Promise<void>,
): Promise<Findings & { pushes: number }> {
  let pushes = 0;
  const findings = await deliverUnderFaults({
    async deliver({ wamid, from }) {
      const message = writeMessage({ id: wamid, from, text: "menu" });
      const body = writeDelivery(accounts.whatsapp.phoneNumberId, { messages: [message] });
      return (await deliver(body).catch(() => undefined))?.status === 200;
    },
    async breakSomething() {
      pushes = await pushAgain(push);
    },
    async countEffects() {
      const rows = await queryDatabase<{ wamid: string; count: number }>(
        `select wamid, count(*)::int as count from public.inbound_messages
         where org_id = $1::text::uuid group by wamid`,
        [orgId],
      );
      return new Map(rows.map(({ wamid, count }) => [wamid, count]));
    },
  }, {
    messages: 400,
    contacts: 40,
    copies: [1, 2],
    concurrency: 8,
    faults: 1,
    limitMilliseconds: 180_000,
  });
  return { ...findings, pushes };
}
