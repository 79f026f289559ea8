import assert from "node:assert/strict";
import { callAtOnce, countCodes, repeat, type RpcCall } from "./call_at_once.ts";
import { createOrganization } from "./create_organization.ts";
import { connectVapi } from "./save_workspace.ts";

function claim(orgId: string, role: string, index: number): RpcCall {
  return {
    name: "claim_agent_sync",
    request: { org_id: orgId, role, request_id: `race-${index}`, lease_seconds: 60 },
  };
}

function record(orgId: string, fencingToken: number): RpcCall {
  return {
    name: "record_agent_sync",
    request: {
      org_id: orgId,
      role: "inbound",
      request_id: "race",
      fencing_token: fencingToken,
      outcome: "synced",
      revision: 1,
      vapi_assistant_id: "assistant-1",
      applied_hash: "hash",
      applied_key_fingerprint: "fingerprint-vapi",
      applied: {},
      actions: [],
      error: null,
      duration_ms: 1,
      provider_calls: [],
    },
  };
}

Deno.test("of twenty claims at the same instant one holds, and goes round again for the rest", async () => {
  const { orgId } = await createOrganization();
  await connectVapi(orgId);
  for (let round = 0; round < 5; round++) {
    const answers = await callAtOnce(repeat(20, (index) => claim(orgId, "inbound", index)));
    assert.deepEqual(countCodes(answers), { claimed: 1, held: 19 });
    const token = answers.find(({ code }) => code === "claimed")?.fencing_token as number;
    assert.deepEqual(await callAtOnce([record(orgId, token)]), [{ code: "recorded", again: true }]);
    assert.deepEqual(await callAtOnce([record(orgId, token)]), [
      { code: "recorded", again: false },
    ]);
  }
});

Deno.test("who asks while the holder records is either heard by it or holds next", async () => {
  const { orgId } = await createOrganization();
  await connectVapi(orgId);
  for (let round = 0; round < 20; round++) {
    const [claimed] = await callAtOnce([claim(orgId, "inbound", 0)]);
    assert.equal(claimed?.code, "claimed");
    const token = claimed?.fencing_token as number;
    const [recorded, asked] = await callAtOnce([
      record(orgId, token),
      claim(orgId, "inbound", 1),
    ]);
    if (asked?.code === "held") {
      assert.equal(recorded?.again, true, "told to wait, so the holder must know");
      await callAtOnce([record(orgId, token)]);
    } else {
      assert.deepEqual([asked?.code, recorded?.again], ["claimed", false]);
      await callAtOnce([record(orgId, asked?.fencing_token as number)]);
    }
  }
});

Deno.test("both roles are synced side by side", async () => {
  const { orgId } = await createOrganization();
  await connectVapi(orgId);
  const answers = await callAtOnce(
    repeat(10, (index) => claim(orgId, index % 2 === 0 ? "inbound" : "outbound", index)),
  );
  assert.deepEqual(countCodes(answers), { claimed: 2, held: 8 });
});
