import assert from "node:assert/strict";
import { createForwarding } from "../../../../tests/in_memory/create_forwarding.ts";
import type { ForwardResult, LegacyDelivery, PostOutcome } from "../ports_legacy.ts";
import { forwardDeliveries } from "./forward_deliveries.ts";
import { createLogger } from "../log.ts";

const delivery: LegacyDelivery = {
  id: "d",
  org_id: null,
  fencing_token: 1,
  attempts: 1,
  signed_by_org_id: null,
  is_whole: true,
  signature: "sha256=1",
  body: new TextEncoder().encode("{}"),
  recent_agent: null,
  messages: [],
  statuses: [],
};

/** Two wait, and are claimed one by one. */
async function run(webhooks: unknown, outcome: PostOutcome = { kind: "accepted", status: 200 }) {
  const waiting = [{ ...delivery, id: "1" }, { ...delivery, id: "2" }];
  const recorded: ForwardResult[] = [];
  let posts = 0;
  await forwardDeliveries({
    ...createForwarding(() => 0),
    legacy: {
      claimLegacyDeliveries: () => Promise.resolve({ webhooks, deliveries: waiting.splice(0, 1) }),
      recordLegacyDeliveries: ({ results }) => {
        recorded.push(...results);
        return Promise.resolve({ lost: [], dead_lettered: 0 });
      },
    },
    postDelivery: () => {
      posts += 1;
      return Promise.resolve(outcome);
    },
    logger: createLogger({ functionName: "test", write: () => {} }),
  }, { budgetMilliseconds: 1_000 });
  return { outcomes: recorded.map(({ outcome }) => outcome), posts };
}
const webhooks = { default: "https://legacy.test/hook" };

Deno.test("all that waits is forwarded", async () => {
  assert.deepEqual(await run(webhooks), { outcomes: ["forwarded", "forwarded"], posts: 2 });
});

Deno.test("malformed webhooks count as no attempt, and nothing more is claimed", async () => {
  assert.deepEqual(await run({ defaults: "x" }), { outcomes: ["held"], posts: 0 });
});

Deno.test("while the circuit is open nothing more is claimed", async () => {
  const resting: PostOutcome = { kind: "not_sent", reason: "resting", retryAfterSeconds: 30 };
  assert.deepEqual(await run(webhooks, resting), { outcomes: ["held"], posts: 1 });
});

Deno.test("a failure keeps nobody else waiting", async () => {
  const failed: PostOutcome = { kind: "failed", status: 500, reason: "x", retryAfterSeconds: null };
  assert.deepEqual(await run(webhooks, failed), { outcomes: ["failed", "failed"], posts: 2 });
});
