import assert from "node:assert/strict";
import { controlSimulator } from "../../support/control_simulator.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { injectFault, listRequests } from "../support/workspace.ts";
import {
  createCallTenant,
  describeCall,
  describeReport,
  newCallId,
  readCall,
  runWorker,
  sendMessage,
} from "./support.ts";

const tenant = await createCallTenant();
const key = tenant.accounts.vapi.key;

/** A call that was answered and then never heard of again; Vapi knows `call` of it. */
async function lose(call: Record<string, unknown> | null): Promise<string> {
  const id = newCallId();
  await sendMessage(tenant, { ...describeCall(id), type: "status-update", status: "in-progress" });
  if (call !== null) {
    await controlSimulator("vapi", "POST", {
      path: "calls",
      body: { account: key, call: { ...describeCall(id).call, ...call, id } },
    });
  }
  return id;
}
const letTimePass = (id: string) =>
  queryDatabase(
    "update public.call_tracking set report_due_at = now() where vapi_call_id = $1 and reported_at is null",
    [id],
  );
const questions = async (id: string) =>
  (await listRequests("vapi", key)).filter(({ path }) => path === `/call/${id}`).length;

Deno.test("a call whose report never came is fetched and closed as its report would have", async () => {
  const { type: _type, call: _call, ...report } = describeReport("x");
  const id = await lose({ status: "ended", ...report });
  await runWorker("reconcile_calls");
  assert.equal(await questions(id), 0, "it may still be going on");
  await letTimePass(id);
  await runWorker("reconcile_calls");
  const call = await readCall(id);
  assert.deepEqual(
    [call?.state, call?.outcome, call?.summary, call?.transcript, call?.duration_seconds],
    ["ended", "completed", "They asked for the hours.", "AI: Hello\nUser: When do you open?", 61],
  );
  assert.equal(call?.reported, true);
  await letTimePass(id);
  await runWorker("reconcile_calls");
  assert.equal(await questions(id), 1);

  // The report comes after all.
  const late = { ...describeReport(id), analysis: { summary: "The report's own words." } };
  assert.equal((await sendMessage(tenant, late)).status, 200);
  assert.equal((await readCall(id))?.summary, "The report's own words.");
});

Deno.test("one that Vapi says goes on is left, one that it doesn't know is closed", async () => {
  const going = await lose({ status: "in-progress" });
  const unknown = await lose(null);
  await letTimePass(going);
  await letTimePass(unknown);
  await runWorker("reconcile_calls");
  assert.equal((await readCall(going))?.state, "answered");
  assert.equal((await readCall(going))?.reported, false);
  const closed = await readCall(unknown);
  assert.deepEqual(
    [closed?.state, closed?.outcome, closed?.ended_reason],
    ["ended", "unknown", "not-found-at-provider"],
  );
  assert.equal(await questions(going), 1);
});

Deno.test("while Vapi is away it is asked again later", async () => {
  const id = await lose({ status: "ended", endedReason: "customer-ended-call" });
  {
    await using _fault = await injectFault("vapi", key, {
      path: "/call/*",
      mode: "status",
      status: 500,
    });
    await letTimePass(id);
    await runWorker("reconcile_calls");
    assert.equal((await readCall(id))?.reported, false);
  }
  const [{ later } = { later: false }] = await queryDatabase<{ later: boolean }>(
    "select report_due_at > now() as later from public.call_tracking where vapi_call_id = $1",
    [id],
  );
  assert.equal(later, true);
  await letTimePass(id);
  await runWorker("reconcile_calls");
  assert.equal((await readCall(id))?.ended_reason, "customer-ended-call");
});
