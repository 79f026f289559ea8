import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import { signDelivery, writeDelivery, writeMessage } from "../../support/whatsapp.ts";
import { breakStack, waitForDatabase } from "./break_stack.ts";
import type { Target } from "./deliver_under_faults.ts";

/** The real webhook on the local stack, for one organization's number. */
export function createWebhookTarget(
  { orgId, phoneNumberId }: { orgId: string; phoneNumberId: string },
): Target {
  const url = `${readStack().url}/functions/v1/unified-webhook/whatsapp`;
  return {
    async deliver({ wamid, from }) {
      const body = writeDelivery(phoneNumberId, {
        messages: [writeMessage({ id: wamid, from, timestamp: 1_790_000_000 })],
      });
      try {
        const response = await fetch(url, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "x-hub-signature-256": signDelivery(body),
          },
          body,
          signal: AbortSignal.timeout(20_000),
        });
        await response.body?.cancel();
        return response.status === 200;
      } catch {
        return false;
      }
    },
    breakSomething: breakStack,
    async countEffects() {
      await waitForDatabase();
      const rows = await queryDatabase<{ wamid: string; count: number }>(
        "select wamid, count(*)::int as count from public.inbound_messages where org_id = $1::text::uuid group by wamid",
        [orgId],
      );
      return new Map(rows.map(({ wamid, count }) => [wamid, count]));
    },
  };
}
