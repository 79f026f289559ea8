import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { callAtOnce, countCodes, repeat, type RpcCall } from "./call_at_once.ts";
import { createOrganization } from "./create_organization.ts";

type Options = { key?: string; hash?: string; capacity?: number };

function authorize(
  { orgId, ownerId }: { orgId: string; ownerId: string },
  { key, hash = "hash", capacity }: Options,
): RpcCall {
  return {
    name: "authorize_request",
    request: {
      user_id: ownerId,
      org_id: orgId,
      operation: "race",
      minimum_role: "owner",
      request_id: randomUUID(),
      rate_limit: capacity === undefined ? null : { capacity, refill_per_second: 0 },
      idempotency: key === undefined ? null : { key, request_hash: hash, ttl_seconds: 600 },
    },
  };
}

Deno.test("of twenty requests with one key at the same instant, one goes on", async () => {
  const organization = await createOrganization();
  for (let round = 0; round < 5; round++) {
    const key = randomUUID();
    const answers = await callAtOnce(repeat(20, () => authorize(organization, { key })));
    assert.deepEqual(countCodes(answers), { authorized: 1, in_progress: 19 });

    await callAtOnce([{
      name: "complete_request",
      request: {
        org_id: organization.orgId,
        operation: "race",
        idempotency_key: key,
        request_hash: "hash",
        response_status: 200,
        response_body: { round },
      },
    }]);
    const replays = await callAtOnce(repeat(5, () => authorize(organization, { key })));
    assert.deepEqual(countCodes(replays), { replayed: 5 });
    assert.deepEqual(replays[0]?.response_body, { round });
  }
});

Deno.test("two different requests with one key at the same instant: one goes on, one is refused", async () => {
  const organization = await createOrganization();
  for (let round = 0; round < 10; round++) {
    const key = randomUUID();
    const answers = await callAtOnce([
      authorize(organization, { key, hash: "a" }),
      authorize(organization, { key, hash: "b" }),
    ]);
    assert.deepEqual(countCodes(answers), { authorized: 1, idempotency_key_reused: 1 });
  }
});

Deno.test("a bucket of seven lets seven of twenty through", async () => {
  const organization = await createOrganization();
  const answers = await callAtOnce(repeat(20, () => authorize(organization, { capacity: 7 })));
  assert.deepEqual(countCodes(answers), { authorized: 7, rate_limited: 13 });
});
