import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  addContent,
  advanceCall,
  UNHEARD_OF,
} from "../../../supabase/functions/_shared/domain/call_state/advance_call.ts";
import { CALL_STATES } from "../../../supabase/functions/_shared/domain/call_state/call_states.ts";
import { describeEffect } from "../../../supabase/functions/_shared/domain/call_state/describe_effect.ts";
import { normaliseMessage } from "../../../supabase/functions/_shared/providers/vapi/normalise_message.ts";
import { openDatabase } from "../../../scripts/local/open_database.ts";
import { createTenant } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import { countRows, describeLife, newCallId, shuffle } from "./support.ts";

const [tenant, other] = [await createTenant(), await createTenant()];

/** Runs the same work on many connections at the same moment. */
async function atOnce<T>(
  count: number,
  work: (
    query: (sql: string, parameters: unknown[]) => Promise<T[]>,
    place: number,
  ) => Promise<T[]>,
): Promise<T[][]> {
  const database = openDatabase(readStack().database_url, { connections: count });
  try {
    return await Promise.all(
      Array.from(
        { length: count },
        (_, place) => work((sql, parameters) => database.query<T & object>(sql, parameters), place),
      ),
    );
  } finally {
    await database.close();
  }
}

type Made = {
  call_tracking_id: string | null;
  success: boolean;
  error_message: string | null;
};

Deno.test("one call made sixteen times at once is one call", async () => {
  const id = newCallId();
  const made = (await atOnce<Made>(16, (query) =>
    query(
      `select * from public.create_inbound_call_atomically(
         $1::text::uuid, $2, null, '+250788000111', null, '{}')`,
      [tenant.orgId, id],
    ))).flat();
  assert.ok(made.every(({ success }) => success));
  assert.equal(new Set(made.map(({ call_tracking_id }) => call_tracking_id)).size, 1);
  assert.equal(made.filter(({ error_message }) => error_message === null).length, 1);
  assert.ok(
    made.every(({ error_message }) =>
      error_message === null || error_message.startsWith("ALREADY_PROCESSED")
    ),
  );
  assert.equal(await countRows("public.call_logs where vapi_call_id = $1", [id]), 1);
});

Deno.test("one id claimed by two organizations at once belongs to one of them", async () => {
  for (let round = 0; round < 8; round++) {
    const id = newCallId();
    const made = (await atOnce<Made & { org_id: string }>(8, (query, place) => {
      const orgId = place % 2 === 0 ? tenant.orgId : other.orgId;
      return query(
        `select made.*, $1 as org_id from public.create_inbound_call_atomically(
           $1::text::uuid, $2, null, null, null, '{}') as made`,
        [orgId, id],
      );
    })).flat();
    const owners = new Set(made.filter(({ success }) => success).map(({ org_id }) => org_id));
    assert.equal(owners.size, 1);
    for (const { success, error_message, org_id } of made) {
      assert.equal(success, owners.has(org_id));
      if (!success) assert.match(error_message ?? "", /^COLLISION_ERROR/);
    }
    assert.equal(await countRows("public.call_tracking where vapi_call_id = $1", [id]), 1);
  }
});

Deno.test("a call completed and recorded from everywhere at once ends once", async () => {
  const id = newCallId();
  await atOnce(12, (query, place) =>
    place % 3 === 0
      ? query(
        "select * from public.create_inbound_call_atomically($1::text::uuid, $2, null, null, null, '{}')",
        [tenant.orgId, id],
      )
      : place % 3 === 1
      ? query(
        "select * from public.update_call_completed_atomically($1::text::uuid, $2, 61, null)",
        [
          tenant.orgId,
          id,
        ],
      )
      : query(
        `select * from public.update_call_with_recording_atomically(
           $1::text::uuid, $2, 'https://storage.vapi.ai/a.wav', null, 'Hello', 'inbound')`,
        [tenant.orgId, id],
      ));
  const [row] = await queryDatabase<Record<string, unknown>>(
    `select call.state, log.duration_seconds, content.transcript
     from public.call_tracking as call
     join public.call_logs as log on log.call_tracking_id = call.id
     join public.calls as content on content.call_tracking_id = call.id
     where call.vapi_call_id = $1`,
    [id],
  );
  assert.deepEqual({ ...row }, { state: "ended", duration_seconds: 61, transcript: "Hello" });
  assert.equal(await countRows("public.recording_upload_queue where vapi_call_id = $1", [id]), 1);
});

Deno.test("two workers never claim the same recording or the same call", async () => {
  const ids = Array.from({ length: 40 }, newCallId);
  for (const id of ids) {
    await queryDatabase(
      `select public.update_call_with_recording_atomically(
         $1::text::uuid, $2, 'https://storage.vapi.ai/a.wav', null, null, null)`,
      [tenant.orgId, id],
    );
  }
  await queryDatabase(
    "update public.call_tracking set report_due_at = now() where vapi_call_id = any($1::text[])",
    [ids],
  );
  for (
    const [name, list] of [["claim_recordings", "recordings"], ["claim_stale_calls", "calls"]]
  ) {
    const claimed = (await atOnce<{ id: string }>(8, (query) =>
      query(
        `select claimed ->> 'vapi_call_id' as id from jsonb_array_elements(
           public.${name}('{"limit": 10, "lease_seconds": 60, "max_attempts": 8}') -> '${list}'
         ) as claimed`,
        [],
      ))).flat().map(({ id }) => id);
    assert.equal(new Set(claimed).size, claimed.length, name);
  }
});

Deno.test("the database moves a call as the pure rule says, in every order", async () => {
  const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });
  await fc.assert(
    fc.asyncProperty(seeds, fc.integer({ min: 1, max: 8 }), async (seed, take) => {
      const id = newCallId();
      const older = {
        type: "call.ended",
        durationSeconds: 59,
        summary: "Older",
        transcript: "Old",
      };
      const events = shuffle([
        ...describeLife(id),
        { ...describeLife(id)[0], ...older },
        {
          ...describeLife(id)[0],
          type: "call.started",
          timestamp: Date.UTC(2026, 10, 20, 9, 0, 9),
        },
      ], seed).slice(0, take);
      let expected = UNHEARD_OF;
      for (const event of events) {
        const message = normaliseMessage({ message: event });
        const { event_id, change, report } = describeEffect(message);
        if (change !== null) expected = advanceCall(expected, change);
        if (report !== null) expected = addContent(expected, report.content);
        await queryDatabase("select public.ingest_vapi_event($1::text::jsonb)", [JSON.stringify({
          request_id: "r",
          org_id: tenant.orgId,
          secret_version: 1,
          event: { id: event_id, type: message.type },
          answer: false,
          call: message.call,
          change,
          report,
          tool_call_ids: [],
        })]);
      }
      const [row] = await queryDatabase<{ call: Record<string, string | null> }>(
        `select to_jsonb(call) || jsonb_build_object(
           'outcome', log.outcome, 'summary', log.summary, 'transcript', content.transcript
         ) as call
         from public.call_tracking as call
         join public.call_logs as log on log.call_tracking_id = call.id
         left join public.calls as content on content.call_tracking_id = call.id
         where call.vapi_call_id = $1`,
        [id],
      );
      const call = row!.call;
      const context = JSON.stringify(events.map(({ type, status }) => [type, status]));
      assert.equal(call.state, expected.state, context);
      for (const state of CALL_STATES) {
        const at = call[`${state}_at`] ?? null;
        const entered = expected.entered[state];
        // Without a time of its own an event has the moment when it is stored.
        if (entered !== undefined) assert.equal(Date.parse(at ?? ""), Date.parse(entered), context);
      }
      assert.equal(call.ended_reason, expected.ended_reason, context);
      assert.equal(call.duration_seconds, expected.duration_seconds, context);
      assert.equal(call.outcome, expected.outcome ?? "in_progress", context);
      assert.equal(call.summary, expected.content.summary ?? null, context);
      assert.equal(call.transcript, expected.content.transcript ?? null, context);
    }),
    { numRuns: 60 },
  );
});
