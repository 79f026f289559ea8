import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { queryDatabase } from "../../support/query_database.ts";
import { callAtOnce, countCodes, repeat, type RpcCall } from "./call_at_once.ts";
import { createOrganization } from "./create_organization.ts";

type Effect = { kind: string } & Record<string, unknown>;

/** So many people of one organization, each in the middle of a turn. */
async function startTurns(count: number): Promise<{ orgId: string; people: string[] }> {
  const { orgId } = await createOrganization();
  const people = Array.from({ length: count }, () => randomUUID());
  await queryDatabase(
    `insert into public.contacts (id, org_id, name, rollout_key)
     select person::uuid, $1::text::uuid, 'Ann', person from unnest(string_to_array($2, ',')) as person`,
    [orgId, people.join()],
  );
  await resumeTurns(orgId);
  return { orgId, people };
}

/** Gives everybody another turn, under the fencing token 7. */
async function resumeTurns(orgId: string): Promise<void> {
  await queryDatabase(
    `insert into public.contact_queues as queue
       (org_id, contact_id, received_sequence, claimed_sequence, turn_leased_until, turn_fencing_token)
     select org_id, id, 1, 1, now() + interval '1 minute', 7 from public.contacts where org_id = $1::text::uuid
     on conflict (org_id, contact_id) do update set
       received_sequence = queue.received_sequence + 1, claimed_sequence = queue.received_sequence + 1,
       turn_leased_until = excluded.turn_leased_until`,
    [orgId],
  );
}

function complete(orgId: string, contactId: string, effects: Effect[]): RpcCall {
  const request = {
    org_id: orgId,
    contact_id: contactId,
    fencing_token: 7,
    correlation_id: randomUUID(),
    outcome: "answered",
    session: null,
    outbound: [{ type: "text", content: { text: "Done" } }],
    events: [],
    effects,
  };
  return { name: "complete_turn", request: JSON.parse(JSON.stringify(request)) };
}

const list = (id: string, side = "offer", domain = "marketplace"): Effect => ({
  kind: "create_listing",
  id,
  listing: { domain, side, title: "Red bicycle", description: "", currency: "RWF" },
});
/** The same for everybody, whichever hour comes meanwhile. */
const SLOT = new Date(Date.now() + 86_400_000).toISOString().slice(0, 13) + ":00:00Z";
const book = (): Effect => ({
  kind: "book",
  id: randomUUID(),
  resource: "chair",
  starts_at: SLOT,
  minutes: 30,
  details: {},
  reminder: "See you soon",
});

async function count(from: string, orgId: string): Promise<number> {
  const [row] = await queryDatabase<{ total: number }>(
    `select count(*)::int as total from public.${from} and org_id = $1::text::uuid`,
    [orgId],
  );
  return row!.total;
}

Deno.test("of twenty who want one slot at the same instant, one has it and nineteen may choose again", async () => {
  const { orgId, people } = await startTurns(20);
  const answers = await callAtOnce(people.map((person) => complete(orgId, person, [book()])));
  assert.deepEqual(countCodes(answers), { completed: 1, refused: 19 });
  const refused = answers.filter(({ code }) => code === "refused");
  for (const { refusals } of refused) assert.deepEqual(refusals, [{ place: 0, code: "taken" }]);
  assert.equal(await count("bookings where state = 'booked'", orgId), 1);
  // The others were not answered, and can be.
  assert.equal(await count("outbound_messages where kind = 'reply'", orgId), 1);
  assert.equal(await count("contact_queues where claimed_sequence is not null", orgId), 19);
});

Deno.test("twelve who apply to one another at the same instant never wait for each other crosswise", async () => {
  const { orgId, people } = await startTurns(12);
  const listings = new Map(people.map((person) => [person, randomUUID()]));
  for (const [person, listing] of listings) {
    await callAtOnce([complete(orgId, person, [list(listing, "offer", "jobs")])]);
  }
  for (let round = 0; round < 3; round++) {
    await resumeTurns(orgId);
    const answers = await callAtOnce(
      people.map((person) =>
        complete(
          orgId,
          person,
          people.filter((other) => other !== person).map((other) => ({
            kind: "apply",
            id: randomUUID(),
            listing_id: listings.get(other),
            application_kind: round === 0 ? "application" : "inquiry",
            details: {},
          })).slice(0, 9),
        )
      ),
    );
    assert.deepEqual(countCodes(answers), { completed: 12 });
    assert.equal(await count("unified_applications where true", orgId), (round + 1) * 12 * 9);
  }
  assert.equal(await count("outbound_messages where kind = 'initiated'", orgId), 3 * 12 * 9);
});

Deno.test("an offer and a request made at the same instant find each other, once", async () => {
  for (let round = 0; round < 10; round++) {
    const { orgId, people: [one, other] } = await startTurns(2);
    const answers = await callAtOnce([
      complete(orgId, one!, [list(randomUUID())]),
      complete(orgId, other!, [list(randomUUID(), "request")]),
    ]);
    assert.deepEqual(countCodes(answers), { completed: 2 });
    assert.equal(await count("unified_matches where true", orgId), 1);
    assert.equal(await count("outbound_messages where kind = 'initiated'", orgId), 2);
  }
});

Deno.test("one turn completed five times at the same instant takes effect once", async () => {
  const { orgId, people: [person] } = await startTurns(1);
  const call = complete(orgId, person!, [list(randomUUID()), book()]);
  const answers = await callAtOnce(repeat(5, () => call));
  assert.deepEqual(countCodes(answers), { completed: 5 });
  assert.equal(await count("unified_listings where true", orgId), 1);
  assert.equal(await count("bookings where true", orgId), 1);
  assert.equal(await count("outbound_messages where kind = 'reply'", orgId), 1);
});
