import assert from "node:assert/strict";
import { readStack } from "../../support/read_stack.ts";
import { waitUntil } from "../support/workspace.ts";
import {
  countRows,
  createCallTenant,
  describeCall,
  describeLife,
  newCallId,
  sendMessage,
} from "./support.ts";

const tenant = await createCallTenant();
const address = () => `${readStack().url}/__gateway`;

/** SQL functions that were called through the data API meanwhile. */
async function countCalls(work: () => Promise<unknown>): Promise<Record<string, number>> {
  await (await fetch(address(), { method: "DELETE" })).body?.cancel();
  await work();
  const { counts } = await (await fetch(address())).json() as { counts: Record<string, number> };
  return Object.fromEntries(
    Object.entries(counts).filter(([route]) => route.includes("/rest/"))
      .map(([route, count]) => [route.replace("POST /rest/v1/rpc/", ""), count]),
  );
}

/** What other tests began may still be going on: counting begins when nobody calls any more. */
const waitForQuiet = () =>
  waitUntil("a quiet data API", async () => {
    const pause = () => new Promise((resolve) => setTimeout(resolve, 300));
    return Object.keys(await countCalls(pause)).length === 0;
  });

Deno.test("one round trip before an answer, two where a tool acts", async (test) => {
  await waitForQuiet();
  const id = newCallId();
  const known = describeCall(id);
  const take = { id: "t1", name: "take_message", arguments: { message: "Hi" } };
  const second = { ...take, id: "t2", arguments: { message: "Hello" } };
  const asks = { ...known, type: "tool-calls", toolCallList: [take, second] };
  const confirm = (asked: typeof take, id: string) => ({
    ...asked,
    id,
    arguments: { ...asked.arguments, confirmed: true },
  });
  const tools = {
    ...known,
    type: "tool-calls",
    toolCallList: [confirm(take, "t4"), confirm(second, "t5")],
  };
  const cases: [string, Record<string, unknown>, Record<string, number>][] = [
    ["assistant-request", { ...known, type: "assistant-request" }, { ingest_vapi_event: 1 }],
    ...describeLife(id).map((
      message,
    ): [string, Record<string, unknown>, Record<string, number>] => [
      `${message.type} ${message.status ?? ""}`,
      message,
      { ingest_vapi_event: 1 },
    ]),
    ["tool-calls that are asked about", asks, { ingest_vapi_event: 1, record_tool_calls: 1 }],
    ["tool-calls", tools, { ingest_vapi_event: 1, record_tool_calls: 1 }],
    ["tool-calls again", tools, { ingest_vapi_event: 1 }],
    ["transfer", { ...known, type: "transfer-destination-request" }, { ingest_vapi_event: 1 }],
    ["something else", { ...known, type: "speech-update" }, { ingest_vapi_event: 1 }],
  ];
  for (const [name, message, expected] of cases) {
    await test.step(name, async () => {
      assert.deepEqual(await countCalls(() => sendMessage(tenant, message)), expected);
    });
  }
  await test.step("which acted", async () => {
    const taken = "public.taken_messages where org_id = $1::text::uuid";
    assert.equal(await countRows(taken, [tenant.orgId]), 2);
  });
  await test.step("one more where a tool reads", async () => {
    const search = { id: "t3", name: "search_knowledge_base", arguments: { query: "hours" } };
    const asked = { ...known, type: "tool-calls", toolCallList: [search] };
    assert.deepEqual(await countCalls(() => sendMessage(tenant, asked)), {
      ingest_vapi_event: 1,
      search_knowledge: 1,
      record_tool_calls: 1,
    });
  });
  await test.step("none for what isn't signed", async () => {
    const forged = { secret: tenant.secret.replace(/.$/, (last) => last === "0" ? "1" : "0") };
    assert.deepEqual(await countCalls(() => sendMessage(forged, tools)), {});
  });
});
