import { deepEqual, equal, match, ok } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { at } from "../../in_memory/read_answer.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { eventually } from "../../support/whatsapp.ts";
import { describeReport, newCallId, sendMessage, signSecret } from "../calls/support.ts";
import {
  ask,
  createContact,
  createFailed,
  createOpsTenant,
  createWait,
  post,
  readOperations,
  readOutbox,
} from "./support.ts";
import { readTelephone, runWorker, untilTelephone } from "./telephone.ts";

const idsOf = (body: unknown, list: string) =>
  (at(body, list) as unknown as { id: string }[]).map(({ id }) => id);

const readDispositions = (contactId: string) =>
  queryDatabase<{ disposition: string }>(
    `select disposition from public.inbound_messages where contact_id = $1::text::uuid
     order by sequence`,
    [contactId],
  );

Deno.test("ops: failed conversations are listed page by page, shown and reviewed", async () => {
  const [tenant, other] = await Promise.all([createOpsTenant(), createOpsTenant()]);
  const failed = [];
  for (const error of ["One", "Two", "Three"]) failed.push(await createFailed(tenant, { error }));
  const expected = failed.map(({ id }) => id).toReversed();
  const first = await ask("/failed-conversations?limit=2", tenant.member);
  equal(first.status, 200, first.text);
  const cursor = encodeURIComponent(String(at(first.body, "nextCursor")));
  const second = await ask(`/failed-conversations?limit=2&cursor=${cursor}`, tenant.member);
  deepEqual(
    [...idsOf(first.body, "conversations"), ...idsOf(second.body, "conversations")],
    expected,
  );
  equal(at(second.body, "nextCursor"), null);

  const id = expected[0]!;
  const shown = await ask(`/failed-conversations/${id}`, tenant.member);
  deepEqual(
    [at(shown.body, "conversation.error"), at(shown.body, "conversation.agent")],
    ["Three", "jobs"],
  );
  equal(at(shown.body, "messages.0.content.text"), "I need a job in Kigali");
  equal(at(shown.body, "messages.0.state"), "dead_lettered");

  for (const path of ["", "/review", "/replay"]) {
    const answer = await ask(`/failed-conversations/${id}${path}`, other.owner, {
      method: path === "" ? "GET" : "POST",
    });
    deepEqual([answer.status, answer.body["code"]], [404, "not_found"], path);
  }

  const note = { note: "The search was down" };
  const reviewed = await post(`/failed-conversations/${id}/review`, tenant.member, note);
  equal(reviewed.status, 200, reviewed.text);
  const left = await ask("/failed-conversations", tenant.member);
  deepEqual(idsOf(left.body, "conversations"), expected.slice(1));
  const done = await ask("/failed-conversations?state=reviewed", tenant.member);
  deepEqual(
    [at(done.body, "conversations.0.note"), at(done.body, "conversations.0.reviewed_by")],
    ["The search was down", tenant.member.id],
  );
  equal((await readOperations(tenant.orgId, "conversation_review")).length, 1);
});

Deno.test("ops: a replayed conversation is answered, and never twice", async () => {
  const tenant = await createOpsTenant();
  const { id, contactId, phone } = await createFailed(tenant);
  const path = `/failed-conversations/${id}/replay`;
  const answers = await Promise.all([1, 2, 3, 4].map(() => post(path, tenant.admin)));
  deepEqual(answers.map(({ status, body }) => [status, body["messages"]]), Array(4).fill([200, 1]));
  equal(answers.filter(({ body }) => body["again"] === false).length, 1);

  await eventually(async () => {
    await runWorker("finish_turns");
    return await readDispositions(contactId);
  }, (rows) => rows.every(({ disposition }) => disposition === "answered"));
  const shown = await untilTelephone(tenant, phone, (seen) => seen.length > 0);
  equal(shown.length, 1);

  const later = await post(path, tenant.owner, undefined, randomUUID());
  deepEqual([later.status, later.body["again"]], [200, true]);
  await runWorker("finish_turns");
  await runWorker("send_outbox");
  equal((await readOutbox(tenant.orgId, contactId)).length, 1);
  equal((await readTelephone(tenant, phone)).length, 1);
  equal((await readOperations(tenant.orgId, "conversation_replay")).length, 1);
  deepEqual(idsOf((await ask("/failed-conversations", tenant.member)).body, "conversations"), []);
});

Deno.test("ops: what could not be answered, or a person answers, is not replayed", async () => {
  const tenant = await createOpsTenant();
  const { id, contactId } = await createFailed(tenant);
  const replay = () => post(`/failed-conversations/${id}/replay`, tenant.admin);
  const setLast = (moment: string) =>
    queryDatabase(
      `update public.contact_queues set last_inbound_at = ${moment}
       where contact_id = $1::text::uuid`,
      [contactId],
    );
  await setLast("now() - interval '25 hours'");
  const late = await replay();
  deepEqual([late.status, late.body["code"]], [409, "outside_window"]);
  await setLast("now()");
  await queryDatabase(
    `insert into public.hand_overs (org_id, contact_id, reason)
     values ($1::text::uuid, $2::text::uuid, 'Person')`,
    [tenant.orgId, contactId],
  );
  const held = await replay();
  deepEqual([held.status, held.body["reason"]], [409, "handed_over"]);
  deepEqual(await readDispositions(contactId), [{ disposition: "dead_lettered" }]);
});

Deno.test("ops: one person's chats and calls are one timeline, page by page", async () => {
  const [tenant, other] = await Promise.all([createOpsTenant(), createOpsTenant()]);
  const { id, contactId, phone } = await createWait(tenant);
  await createContact(tenant, { text: "Somebody else" });
  await post(`/hand-overs/${id}/take`, tenant.member);
  await post(`/hand-overs/${id}/reply`, tenant.member, { text: "Good morning" }, randomUUID());
  const called = await sendMessage(
    { secret: signSecret(tenant.orgId) },
    describeReport(newCallId(), { customer: `+${phone}` }),
  );
  equal(called.status, 200, called.text);
  const items: [unknown, unknown][] = [];
  let cursor = "";
  for (let page = 0; page < 5; page += 1) {
    const answer = await ask(`/contacts/${contactId}/timeline?limit=1${cursor}`, tenant.member);
    equal(answer.status, 200, answer.text);
    equal(at(answer.body, "contact.name"), "Ann");
    for (
      const { kind, summary } of at(answer.body, "items") as unknown as Record<string, string>[]
    ) {
      items.push([kind, summary]);
    }
    const next = at(answer.body, "nextCursor");
    if (next === null) break;
    cursor = `&cursor=${encodeURIComponent(String(next))}`;
  }
  deepEqual(items, [
    ["call", "They asked for the hours."],
    ["message_out", "Good morning"],
    ["message_in", "Hello"],
  ]);
  const foreign = await ask(`/contacts/${contactId}/timeline`, other.owner);
  deepEqual([foreign.status, foreign.body["code"]], [404, "not_found"]);
  ok(!foreign.text.includes("Hello"));
  const unknown = await ask(`/contacts/${randomUUID()}/timeline`, tenant.member);
  equal(unknown.status, 404);
  match(String(unknown.body["requestId"]), /./);
});
