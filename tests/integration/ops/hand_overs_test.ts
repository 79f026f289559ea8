import { deepEqual, equal, match, ok } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { at } from "../../in_memory/read_answer.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { ask, createOpsTenant, createWait, post, readOperations, readOutbox } from "./support.ts";
import { untilTelephone } from "./telephone.ts";

const tenant = await createOpsTenant();
const other = await createOpsTenant();
const ids = (body: unknown) =>
  (at(body, "handOvers") as unknown as { id: string }[]).map(({ id }) => id);

Deno.test("ops: who waits is listed page by page, longest first, and shown with what was said", async () => {
  const own = await createOpsTenant();
  const waits = [];
  for (const reason of ["One", "Two", "Three"]) waits.push(await createWait(own, { reason }));
  const expected = waits.map(({ id }) => id);
  const all = await ask("/hand-overs", own.member);
  equal(all.status, 200, all.text);
  deepEqual([ids(all.body), at(all.body, "nextCursor")], [expected, null]);
  match(String(at(all.body, "requestId")), /./);
  equal(all.headers.get("cache-control"), "no-store");

  const first = await ask("/hand-overs?limit=2", own.member);
  const cursor = String(at(first.body, "nextCursor"));
  const second = await ask(`/hand-overs?limit=2&cursor=${encodeURIComponent(cursor)}`, own.member);
  deepEqual([...ids(first.body), ...ids(second.body)], expected);

  await post(`/hand-overs/${expected[1]}/take`, own.member);
  deepEqual(ids((await ask("/hand-overs?state=taken", own.member)).body), [expected[1]]);
  deepEqual(ids((await ask("/hand-overs?state=waiting", own.member)).body), [
    expected[0],
    expected[2],
  ]);

  const shown = await ask(`/hand-overs/${expected[0]}?limit=1`, own.member);
  equal(shown.status, 200, shown.text);
  equal(at(shown.body, "handOver.reason"), "One");
  equal(at(shown.body, "handOver.contact_name"), "Ann");
  deepEqual(
    (at(shown.body, "messages") as unknown as { content: unknown }[]).map(({ content }) => content),
    [{ text: "Hello" }],
  );
});

Deno.test("ops: of two who take at once one has it", async () => {
  const { id } = await createWait(tenant);
  const answers = await Promise.all([
    post(`/hand-overs/${id}/take`, tenant.member),
    post(`/hand-overs/${id}/take`, tenant.admin),
    post(`/hand-overs/${id}/take`, tenant.owner),
  ]);
  deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409, 409]);
  const people = [tenant.member, tenant.admin, tenant.owner];
  const winner = people[answers.findIndex(({ status }) => status === 200)]!;
  for (const { body } of answers.filter(({ status }) => status === 409)) {
    deepEqual([body["code"], body["reason"], body["takenBy"]], [
      "conflict",
      "taken_by_another",
      winner.id,
    ]);
  }
  equal((await post(`/hand-overs/${id}/take`, winner)).status, 200, "again is the same");
  const [row] = await queryDatabase<{ taken_by: string; state: string }>(
    "select taken_by, state from public.hand_overs where id = $1::text::uuid",
    [id],
  );
  deepEqual(row, { taken_by: winner.id, state: "taken" });
  const [alert] = await queryDatabase<{ state: string }>(
    "select state from public.alerts where rule = 'hand_over_waiting' and dedupe_key = $1",
    [id],
  );
  equal(alert?.state, "resolved");
});

Deno.test("ops: a reply reaches the telephone once, however often it is sent", async () => {
  const { id, contactId, phone } = await createWait(tenant);
  const reply = (text: string, key: string, person = tenant.member) =>
    post(`/hand-overs/${id}/reply`, person, { text }, key);
  const early = await reply("Hello", "early");
  deepEqual([early.status, early.body["reason"]], [409, "not_taken"]);
  equal((await post(`/hand-overs/${id}/take`, tenant.member)).status, 200);

  const key = randomUUID();
  const together = await Promise.all([1, 2, 3].map(() => reply("Muraho, ndi Ange", key)));
  // The same request, answered while the first is: 409 says "not now" to whoever asked too early.
  ok(together.some(({ status }) => status === 200));
  ok(together.every(({ status }) => status === 200 || status === 409));
  const again = await reply("Muraho, ndi Ange", key);
  equal(again.status, 200, again.text);
  equal((await reply("Something else", key)).body["code"], "idempotency_key_reused");
  const others = await reply("Hello", randomUUID(), tenant.admin);
  deepEqual([others.status, others.body["reason"]], [409, "not_taken"]);

  // The stored answer is lost, the outbox knows it all the same.
  await queryDatabase("delete from public.idempotency_keys where org_id = $1::text::uuid", [
    tenant.orgId,
  ]);
  equal((await reply("Muraho, ndi Ange", key)).body["messageId"], again.body["messageId"]);
  equal((await reply("Ni byo", randomUUID())).status, 200);

  const shown = await untilTelephone(tenant, phone, (seen) => seen.length >= 2);
  equal(shown.length, 2);
  match(shown[0]!, /Muraho, ndi Ange/);
  match(shown[1]!, /Ni byo/);
  const rows = await readOutbox(tenant.orgId, contactId);
  deepEqual(rows.map(({ kind, text }) => [kind, text]), [
    ["reply", "Muraho, ndi Ange"],
    ["reply", "Ni byo"],
  ]);
});

Deno.test("ops: nothing is said freely outside WhatsApp's 24 hours", async () => {
  const { id, contactId } = await createWait(tenant);
  await post(`/hand-overs/${id}/take`, tenant.member);
  await queryDatabase(
    `update public.contact_queues set last_inbound_at = now() - interval '24 hours'
     where contact_id = $1::text::uuid`,
    [contactId],
  );
  const late = await post(`/hand-overs/${id}/reply`, tenant.member, { text: "Hello" }, "late");
  deepEqual([late.status, late.body["code"]], [409, "outside_window"]);
  match(String(late.body["lastInboundAt"]), /^20/);
  deepEqual(await readOutbox(tenant.orgId, contactId), []);
  // The person writes again: the same key may be tried again.
  await queryDatabase(
    "update public.contact_queues set last_inbound_at = now() where contact_id = $1::text::uuid",
    [contactId],
  );
  const then = await post(`/hand-overs/${id}/reply`, tenant.member, { text: "Hello" }, "late");
  equal(then.status, 200, then.text);
  const released = await post(`/hand-overs/${id}/release`, tenant.member);
  deepEqual([released.status, released.body["told"]], [200, true]);
});

Deno.test("ops: a member releases their own, an admin anybody's, and what was done is on record", async () => {
  const own = await createOpsTenant();
  const { id } = await createWait(own);
  await post(`/hand-overs/${id}/take`, own.owner);
  const refused = await post(`/hand-overs/${id}/release`, own.member);
  deepEqual([refused.status, refused.body["reason"]], [409, "taken_by_another"]);
  const both = await Promise.all([
    post(`/hand-overs/${id}/release`, own.admin),
    post(`/hand-overs/${id}/release`, own.owner),
  ]);
  deepEqual(both.map(({ status }) => status), [200, 200]);
  const taken = await post(`/hand-overs/${id}/take`, own.member);
  deepEqual([taken.status, taken.body["reason"]], [409, "released"]);
  const [take] = await readOperations(own.orgId, "hand_over_take");
  deepEqual([take?.actor, take?.outcome], [own.owner.id, "succeeded"]);
  const releases = await readOperations(own.orgId, "hand_over_release");
  equal(releases.length, 1);
  ok(both.some(({ body }) => body["requestId"] === releases[0]?.request_id));
});

Deno.test("ops: another organization's wait isn't there", async () => {
  const { id, contactId } = await createWait(tenant);
  const key = randomUUID();
  const answers = await Promise.all([
    ask(`/hand-overs/${id}`, other.owner),
    post(`/hand-overs/${id}/take`, other.owner),
    post(`/hand-overs/${id}/reply`, other.owner, { text: "Hello" }, key),
    post(`/hand-overs/${id}/release`, other.owner),
  ]);
  deepEqual(answers.map(({ status }) => status), [404, 404, 404, 404]);
  ok(!ids((await ask("/hand-overs?limit=100", other.owner)).body).includes(id));
  const named = await ask(`/hand-overs/${id}`, other.owner, {
    headers: { "x-org-id": tenant.orgId },
  });
  deepEqual([named.status, named.body["code"]], [403, "forbidden"]);
  deepEqual(await readOutbox(tenant.orgId, contactId), []);
  const [row] = await queryDatabase<{ state: string }>(
    "select state from public.hand_overs where id = $1::text::uuid",
    [id],
  );
  equal(row?.state, "waiting");
});
