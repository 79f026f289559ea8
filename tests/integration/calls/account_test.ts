import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { queryDatabase } from "../../support/query_database.ts";
import {
  countRows,
  createCallTenant,
  describeCall,
  newCallId,
  readCall,
  sendBody,
  WEBHOOK_SECRET,
} from "./support.ts";

const tenant = await createCallTenant();
const other = await createCallTenant();

/** Signs as an account-wide credential of Vapi's does: over `{timestamp}.{body}`. */
function send(
  message: Record<string, unknown>,
  { path, at = Date.now() }: { path?: string; at?: number } = {},
) {
  const body = JSON.stringify({ message });
  const signature = createHmac("sha256", WEBHOOK_SECRET).update(`${at}.${body}`).digest("hex");
  return sendBody(body, {
    ...(path === undefined ? {} : { path }),
    headers: { "x-vapi-signature": `sha256=${signature}`, "x-vapi-timestamp": String(at) },
  });
}

Deno.test("signed for the whole account: the organization is found by the call", async (test) => {
  const [number] = await queryDatabase<{ id: string }>(
    `select public_config #>> '{number,phone_number_id}' as id from public.integrations
     where org_id = $1::text::uuid and provider = 'vapi'`,
    [tenant.orgId],
  );
  const status = { type: "status-update", status: "in-progress" };
  await test.step("by the assistant", async () => {
    const id = newCallId();
    const { call } = describeCall(id, { assistantId: tenant.assistants.inbound });
    assert.equal((await send({ ...status, call })).status, 200);
    assert.equal((await readCall(id))?.org_id, tenant.orgId);
  });
  await test.step("by the number, also at the root", async () => {
    const id = newCallId();
    const { call } = describeCall(id);
    const message = { ...status, call: { ...call, phoneNumberId: number!.id } };
    assert.equal((await send(message, { path: "unified-webhook" })).status, 200);
    assert.equal((await readCall(id))?.org_id, tenant.orgId);
  });
  await test.step("and gets its answer", async () => {
    const { call } = describeCall(newCallId());
    const message = { type: "assistant-request", call: { ...call, phoneNumberId: number!.id } };
    assert.deepEqual((await send(message)).body, { assistantId: tenant.assistants.inbound });
  });
  await test.step("never by what the message says of an organization", async () => {
    const id = newCallId();
    const { call } = describeCall(id);
    const said = { metadata: { org_id: tenant.orgId }, org_id: tenant.orgId, orgId: tenant.orgId };
    const answer = await send({ ...status, ...said, call: { ...call, ...said } });
    assert.equal(answer.status, 200);
    assert.equal(await readCall(id), undefined);
    const kept = await countRows(
      `public.unparsed_deliveries where source = 'vapi' and reason = 'organization_unknown'
       and convert_from(body, 'UTF8') like '%' || $1 || '%'`,
      [id],
    );
    assert.equal(kept, 1);
  });
  await test.step("a call of two organizations is nobody's", async () => {
    const id = newCallId();
    const { call } = describeCall(id, { assistantId: other.assistants.inbound });
    await send({ ...status, call: { ...call, phoneNumberId: number!.id } });
    assert.equal(await readCall(id), undefined);
  });
  await test.step("another organization's assistant can't take a call that is known", async () => {
    const id = newCallId();
    const mine = describeCall(id, { assistantId: tenant.assistants.inbound });
    await send({ ...status, ...mine });
    const theirs = describeCall(id, { assistantId: other.assistants.inbound });
    const answer = await send({ type: "status-update", status: "ended", ...theirs });
    assert.equal(answer.status, 403);
    assert.equal((await readCall(id))?.state, "answered");
  });
  await test.step("more than five minutes old it is refused", async () => {
    const { call } = describeCall(newCallId(), { assistantId: tenant.assistants.inbound });
    assert.equal((await send({ ...status, call }, { at: Date.now() - 301_000 })).status, 401);
    assert.equal((await send({ ...status, call }, { at: Date.now() + 301_000 })).status, 401);
  });
});
