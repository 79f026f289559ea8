import assert from "node:assert/strict";
import { CALLING } from "../../../../tests/in_memory/create_agent_data.ts";
import { ProviderError } from "../errors.ts";
import { createLogger } from "../log.ts";
import type { CallRequestOutcome, ClaimedCallRequest } from "../ports_calling.ts";
import { placeCall } from "./place_call.ts";

const NOW = Date.parse("2026-11-23T07:00:00Z");
const REQUEST: ClaimedCallRequest = {
  id: "00000000-0000-4000-8000-000000000001",
  org_id: CALLING.org_id,
  state: "requested",
  reason: "Prices",
  not_before: "2026-11-23T06:00:00Z",
  intended_at: null,
  intent: null,
  attempts: 0,
  lookups: 0,
  fencing_token: 1,
  minutes_used: 0,
  contact_name: "Ada",
  calling: CALLING,
  vapi: { fingerprint: "f", public_config: {}, ciphertext: "c", key_id: "k" },
};

/** What a request comes to where Vapi answers so. */
async function place(
  request: Partial<ClaimedCallRequest>,
  answer: () => { id: string } = () => ({ id: "call-1" }),
): Promise<CallRequestOutcome> {
  let recorded: CallRequestOutcome | undefined;
  await placeCall({
    clock: () => NOW,
    logger: createLogger({ functionName: "worker", clock: () => NOW, write: () => {} }),
    cipher: {
      currentKeyId: "k",
      seal: () => Promise.reject(new Error("nothing is sealed here")),
      open: () => Promise.resolve({ api_key: "key" }) as never,
    },
    connectCalls: () => ({
      placeCall: () => Promise.try(answer),
      listCalls: () => Promise.resolve([]),
      readCall: () => Promise.resolve(null),
      deleteCall: () => Promise.resolve(),
    }),
    requests: {
      claimCallRequests: () => Promise.resolve([]),
      intendCall: () => Promise.resolve({ code: "intended" }),
      recordCallRequest: (input) => {
        recorded = input;
        return Promise.resolve({ code: "recorded", state: input.outcome });
      },
    },
  }, { ...REQUEST, ...request });
  assert.ok(recorded !== undefined);
  return recorded;
}
const refuse = (reason: string) => () => {
  throw new ProviderError("vapi", "refused", reason, { status: 400 });
};

Deno.test("what Vapi has no room for is tried again, what it refuses is not", async () => {
  for (const reason of ["Over Concurrency Limit", "Over concurrency limit: 10 calls"]) {
    const outcome = await place({}, refuse(reason));
    assert.deepEqual([outcome.outcome, "code" in outcome && outcome.code], [
      "retry",
      "rate_limited",
    ]);
  }
  const refused = await place({}, refuse("customer.number must be a number"));
  assert.equal(refused.outcome, "failed");
});

Deno.test("who couldn't be called in ten days isn't called, also while calls are switched off", async () => {
  const late = { not_before: "2026-11-12T07:00:00Z" };
  const off = { calling: { ...CALLING, tier_flags: { enabled: false } } };
  const outcomes = [
    await place({}),
    await place(late),
    await place(off),
    await place({ ...late, ...off }),
  ].map((outcome) => [outcome.outcome, "code" in outcome ? outcome.code : null]);
  assert.deepEqual(outcomes, [
    ["placed", null],
    ["refused", "expired"],
    ["waiting", "tier_off"],
    ["refused", "expired"],
  ]);
});
