import assert from "node:assert/strict";
import { randomInt, randomUUID } from "node:crypto";
import { queryDatabase } from "../../support/query_database.ts";
import {
  type CallTenant,
  countRows,
  createCallTenant,
  describeCall,
  newCallId,
  sendMessage,
} from "./support.ts";

type Asked = { name: string; arguments: Record<string, unknown>; id?: string };
const ALWAYS = Object.fromEntries(
  ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    .map((day) => [day, ["00:00-24:00"]]),
);
const createPhone = () => `+25078${String(randomInt(10_000_000)).padStart(7, "0")}`;

/** What an assistant is answered, one text for each tool call. */
async function callTools(
  tenant: CallTenant,
  call: { id: string; customer: string | null },
  asked: Asked[],
): Promise<string[]> {
  const answer = await sendMessage(tenant, {
    ...describeCall(call.id, { customer: call.customer }),
    type: "tool-calls",
    toolCallList: asked.map((each) => ({ id: randomUUID(), ...each })),
  });
  assert.equal(answer.status, 200, answer.text);
  const results = answer.body.results as { result?: string; error?: string }[];
  return results.map(({ result, error }) => result ?? error ?? "");
}

const lamp = {
  name: "create_listing",
  arguments: { domain: "marketplace", side: "offer", title: "A red lamp", price: 5000 },
};
const yes = (asked: Asked): Asked => ({
  ...asked,
  arguments: { ...asked.arguments, confirmed: true },
});
const listings = ({ orgId }: CallTenant) =>
  countRows("public.unified_listings where org_id = $1::text::uuid", [orgId]);

Deno.test("confirmed on the phone: one yes does it once, however often and at once it is said", async () => {
  const tenant = await createCallTenant();
  const call = { id: newCallId(), customer: createPhone() };
  assert.match((await callTools(tenant, call, [lamp]))[0]!, /Nothing is done yet/);
  const said = (await Promise.all([
    callTools(tenant, call, [yes(lamp), yes(lamp)]),
    callTools(tenant, call, [yes(lamp)]),
    callTools(tenant, call, [yes(lamp)]),
  ])).flat();
  assert.equal(said.filter((text) => /Nothing is done yet/.test(text)).length, 3, said.join("\n"));
  assert.equal(await listings(tenant), 1);
  // Asked about again, and said yes to again, it is another one.
  assert.match((await callTools(tenant, call, [yes(lamp)]))[0]!, /"listing_id"/);
  assert.equal(await listings(tenant), 2);
  assert.match((await callTools(tenant, call, [yes(lamp)]))[0]!, /Nothing is done yet/);
  assert.equal(await listings(tenant), 2);
});

Deno.test("confirmed on the phone: of two callers one gets the time, the other hears what is free", async () => {
  const tenant = await createCallTenant();
  await queryDatabase(
    "update public.organization_settings set business_hours = $2::text::jsonb where org_id = $1::text::uuid",
    [tenant.orgId, JSON.stringify(ALWAYS)],
  );
  const date = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  const book = { name: "book_appointment", arguments: { date, time: "10:00" } };
  const calls = Array.from({ length: 6 }, () => ({ id: newCallId(), customer: createPhone() }));
  for (const call of calls) await callTools(tenant, call, [book]);
  const said = (await Promise.all(calls.map((call) => callTools(tenant, call, [yes(book)]))))
    .flat();
  assert.equal(said.filter((text) => /"reason":"booked"/.test(text)).length, 1, said.join("\n"));
  const free = said.filter((text) => /"reason":"taken".*"time":"10:30"/.test(text));
  assert.equal(free.length, 5, said.join("\n"));
  const booked = "public.bookings where org_id = $1::text::uuid";
  assert.equal(await countRows(booked, [tenant.orgId]), 1);
});

Deno.test("a caller without a number: ten writes a call, a hundred a day of the organization", async () => {
  const tenant = await createCallTenant();
  const message = { name: "take_message", arguments: { message: "Call me" } };
  const taken = () =>
    countRows("public.taken_messages where org_id = $1::text::uuid", [tenant.orgId]);
  const many = (length: number) =>
    Array.from({ length }, (_, place) => ({
      ...message,
      arguments: { message: `Message ${place}` },
    }));
  /** Asked about first, then said yes to. */
  const take = async (customer: string | null, asked: Asked[]) => {
    const call = { id: newCallId(), customer };
    const questions = await callTools(tenant, call, asked);
    for (const question of questions) assert.match(question, /Nothing is done yet/);
    return await callTools(tenant, call, asked.map(yes));
  };
  const said = await take(null, many(12));
  assert.equal(said.filter((text) => /limit for today/.test(text)).length, 2, said.join("\n"));
  assert.equal(await taken(), 10);
  for (let each = 0; each < 9; each += 1) {
    await take(null, many(10));
  }
  assert.equal(await taken(), 100);
  const late = await take(null, [message]);
  assert.match(late[0]!, /limit for today/);
  // Whoever shows a number is somebody else.
  await take(createPhone(), [message]);
  assert.equal(await taken(), 101);
});

Deno.test("a call speaks the language of the chat where preferences are shared", async () => {
  const tenant = await createCallTenant();
  const customer = createPhone();
  await queryDatabase(
    `insert into public.unified_sessions (org_id, contact_id, preferences)
     select $1::text::uuid, private.resolve_contact($1::text::uuid, $2, null),
       '{"language": "fr", "currency": "KES"}'`,
    [tenant.orgId, customer],
  );
  const share = (isShared: boolean) =>
    queryDatabase(
      `update public.app_config set value = jsonb_set(
         jsonb_set(value, '{overrides}', coalesce(value -> 'overrides', '{}')), array['overrides', $1],
         jsonb_build_object('unifiedServiceRolloutPercent', 100,
           'features', jsonb_build_object('sharedPreferences', $2::text::boolean)))
       where key = 'unified_service_flags'`,
      [tenant.orgId, String(isShared)],
    );
  await share(true);
  const call = { id: newCallId(), customer };
  assert.match((await callTools(tenant, call, [lamp]))[0]!, /5,000 KES.*Publier ceci \?/);
  await share(false);
  assert.match((await callTools(tenant, call, [lamp]))[0]!, /5,000 RWF/);
});
