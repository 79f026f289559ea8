import assert from "node:assert/strict";
import { createWhatsappTenant } from "../support/whatsapp.ts";
import { deliverUnderFaults, describeFindings, type Load } from "./harness/deliver_under_faults.ts";
import { createWebhookTarget } from "./harness/webhook_target.ts";
import { startWrongIngest } from "./wrong_ingests/start_wrong_ingest.ts";

/** `FAULTS=1000 FAULT_MESSAGES=300000` is the long run. */
const faults = Number(Deno.env.get("FAULTS") ?? 9);
const load: Load = {
  messages: Number(Deno.env.get("FAULT_MESSAGES") ?? 3_000),
  contacts: 200,
  copies: [1, 5],
  concurrency: 48,
  faults,
  limitMilliseconds: 60_000 + faults * 30_000,
};

Deno.test("functions killed, PostgreSQL crashed, connections cut: nothing acknowledged is lost or doubled", async () => {
  const tenant = await createWhatsappTenant({ isInRollout: false });
  const findings = await deliverUnderFaults(createWebhookTarget(tenant), load);
  // deno-lint-ignore no-console
  console.log(describeFindings(findings));
  assert.equal(findings.faults, faults);
  assert.deepEqual(findings.lost, []);
  assert.deepEqual(findings.doubled, []);
});

Deno.test("the same harness finds out who acknowledges first", async () => {
  await using target = await startWrongIngest("acknowledge_first");
  // Each delivered once, or its next copy may make a loss good, of however few there are.
  const findings = await deliverUnderFaults(target, {
    ...load,
    messages: 4_500,
    copies: [1, 1],
    faults: 5,
  });
  assert.ok(findings.lost.length > 0, describeFindings(findings));
});

Deno.test("and who checks, then inserts", async () => {
  await using target = await startWrongIngest("check_then_insert");
  // About a third of those at work at a time meet their like: so many that it is never none.
  const findings = await deliverUnderFaults(target, {
    ...load,
    messages: 1_500,
    concurrency: 192,
    faults: 5,
  });
  assert.ok(findings.doubled.length > 0, describeFindings(findings));
});
