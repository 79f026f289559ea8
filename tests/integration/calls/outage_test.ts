import assert from "node:assert/strict";
import { callFunction } from "../../support/call_function.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import {
  countRows,
  createCallTenant,
  describeCall,
  describeReport,
  newCallId,
  readCall,
  sendMessage,
} from "./support.ts";

const tenant = await createCallTenant();

/** A data API that accepts connections and never answers, until the test is over. */
function hangDataApi(): Disposable {
  const pid = readStack().processes["postgrest"];
  assert.ok(pid);
  Deno.kill(pid, "SIGSTOP");
  return { [Symbol.dispose]: () => Deno.kill(pid, "SIGCONT") };
}

Deno.test("without the database", async (test) => {
  const id = newCallId();
  {
    using _outage = hangDataApi();
    await test.step("what informs is refused, so that it comes again", async () => {
      const began = performance.now();
      const answer = await sendMessage(tenant, describeReport(id));
      assert.equal(answer.status, 503);
      assert.ok(Number(answer.headers.get("retry-after")) >= 1);
      assert.ok(performance.now() - began < 4_000);
    });
    await test.step("assistant-request hears a polite sentence in time", async () => {
      const began = performance.now();
      const answer = await sendMessage(tenant, {
        ...describeCall(newCallId()),
        type: "assistant-request",
      });
      assert.equal(answer.status, 200);
      assert.match(String(answer.body.error), /^Sorry, we can't take your call/);
      // The answer takes five seconds of its own; a busy machine takes some more, and Vapi waits for 7.5.
      assert.ok(performance.now() - began < 7_500, `${performance.now() - began} ms`);
    });
    await test.step("tool-calls have one result each", async () => {
      const answer = await sendMessage(tenant, {
        ...describeCall(id),
        type: "tool-calls",
        toolCallList: [
          { id: "a", name: "take_message", arguments: { message: "Hi" } },
          { id: "b", name: "get_business_hours", arguments: {} },
        ],
      });
      assert.equal(answer.status, 200);
      const results = answer.body.results as { toolCallId: string; error?: string }[];
      assert.deepEqual(results.map(({ toolCallId }) => toolCallId), ["a", "b"]);
      assert.ok(results.every(({ error }) => error !== undefined));
    });
    await test.step("knowledge and transfer are answered too", async () => {
      const [knowledge, transfer] = await Promise.all([
        sendMessage(tenant, { ...describeCall(id), type: "knowledge-base-request" }),
        sendMessage(tenant, { ...describeCall(id), type: "transfer-destination-request" }),
      ]);
      assert.deepEqual(knowledge.body, { documents: [] });
      assert.equal(transfer.status, 200);
      assert.ok("error" in transfer.body);
    });
  }
  await test.step("and afterwards it takes effect once", async () => {
    for (let attempt = 0; attempt < 3; attempt++) {
      assert.equal((await sendMessage(tenant, describeReport(id))).status, 200);
    }
    assert.equal((await readCall(id))?.outcome, "completed");
    const claims = await countRows(
      "public.processed_webhook_events where event_id = $1",
      [`vapi:${id}:end-of-call-report`],
    );
    assert.equal(claims, 1);
  });
});

Deno.test("a dead letter is listed and run again", async () => {
  await queryDatabase(
    `alter table public.call_logs add constraint test_refuses_that
     check (summary is distinct from 'Another summary that breaks it') not valid`,
  );
  const id = newCallId();
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      await sendMessage(tenant, {
        ...describeReport(id),
        analysis: { summary: "Another summary that breaks it" },
      });
    }
    const key = readStack().secret_key;
    const list = async () => {
      const answer = await callFunction<{ deadLetters: { id: string; source_id: string }[] }>(
        `ops/dead-letters?source=vapi&org_id=${tenant.orgId}`,
        { apiKey: key },
      );
      assert.equal(answer.status, 200, answer.text);
      return answer.body.deadLetters;
    };
    const [letter] = await list();
    assert.equal(letter?.source_id, `vapi:${id}:end-of-call-report`);
    const replay = (apiKey?: string) =>
      callFunction(`ops/events/${letter!.id}/replay`, {
        method: "POST",
        ...(apiKey === undefined ? { token: tenant.owner.token } : { apiKey }),
      });
    assert.equal((await replay()).status, 401);

    const refused = await replay(key);
    assert.equal(refused.status, 422, refused.text);
    assert.equal((await list()).length, 1);

    await queryDatabase("alter table public.call_logs drop constraint test_refuses_that");
    const replayed = await replay(key);
    assert.equal(replayed.status, 200, replayed.text);
    assert.equal((await readCall(id))?.summary, "Another summary that breaks it");
    assert.deepEqual(await list(), []);
    assert.equal((await replay(key)).status, 409);
  } finally {
    await queryDatabase(
      "alter table public.call_logs drop constraint if exists test_refuses_that",
    );
  }
});

Deno.test("a dead letter that nobody wants to run again is dismissed", async () => {
  const key = readStack().secret_key;
  const [letter] = await queryDatabase<{ id: string }>(
    `insert into public.dead_letters (org_id, source, source_id, reason)
     values ($1::text::uuid, 'vapi', 'vapi:' || gen_random_uuid() || ':hang', 'It broke')
     returning id::text`,
    [tenant.orgId],
  );
  const dismiss = (apiKey?: string) =>
    callFunction(`ops/events/${letter!.id}/dismiss`, {
      method: "POST",
      body: { reason: "a call of ours" },
      ...(apiKey === undefined ? { token: tenant.owner.token } : { apiKey }),
    });
  assert.equal((await dismiss()).status, 401);
  const dismissed = await dismiss(key);
  assert.equal(dismissed.status, 200, dismissed.text);
  assert.equal((await dismiss(key)).status, 200);
  const list = async (replayed: boolean) => {
    const answer = await callFunction<
      { deadLetters: { id: string; dismissal_reason: string | null }[] }
    >(`ops/dead-letters?org_id=${tenant.orgId}&replayed=${replayed}`, { apiKey: key });
    assert.equal(answer.status, 200, answer.text);
    return answer.body.deadLetters.filter(({ id }) => id === letter!.id);
  };
  assert.deepEqual(await list(false), []);
  assert.equal((await list(true))[0]?.dismissal_reason, "a call of ours");
  const replayed = await callFunction(`ops/events/${letter!.id}/replay`, {
    method: "POST",
    apiKey: key,
  });
  assert.equal(replayed.status, 409);
});
