import assert from "node:assert/strict";
import { serveAnswers } from "../../../../../tests/http/serve_answers.ts";
import type { AppError } from "../../errors.ts";
import type { AgentDataStore } from "../../ports_agents.ts";
import { createAgentDataStore } from "./agent_data_store.ts";
import { createCallStore } from "./call_store.ts";
import { createDatabase } from "./create_database.ts";
import { createTurnStore } from "./turn_store.ts";

const connect = (supabaseUrl: string) =>
  createDatabase({ supabaseUrl, secretKey: "sb_secret_local_demo_key", retryBaseMilliseconds: 1 });

const listing = {
  id: "l",
  domain: "jobs",
  side: "offer",
  title: "Plumber",
  description: "",
  category: null,
  price: null,
  currency: "RWF",
  price_unit: null,
  quantity: null,
  place: { name: "Kigali", latitude: null, longitude: null },
  attributes: { salary: 200_000 },
  state: "active",
  is_own: false,
  distance_km: 1.25,
  created_at: "2026-11-21T10:00:00Z",
};
const application = {
  id: "a",
  listing_id: "l",
  listing_title: "Plumber",
  kind: "application",
  state: "submitted",
  details: {},
  is_own: true,
  applicant_name: null,
  created_at: "2026-11-21T10:00:00Z",
};
const RESULTS = [
  { kind: "listings", listings: [listing, { ...listing, place: null }] },
  { kind: "listing", listing: null },
  { kind: "applications", applications: [application] },
  {
    kind: "matches",
    matches: [{ id: "m", own_title: "Work", listing, created_at: "2026-11-21T10:00:00Z" }],
  },
  {
    kind: "prices",
    prices: { count: 2, low: 1, median: 1.5, high: 2, currency: "RWF", price_unit: "kg" },
  },
  { kind: "prices", prices: null },
  {
    kind: "bookings",
    bookings: [{
      id: "b",
      resource: "chair",
      starts_at: "2026-11-21T10:00:00Z",
      minutes: 30,
      state: "booked",
      is_own: false,
    }],
  },
  { kind: "tickets", tickets: [] },
  { kind: "policies", policies: [] },
  { kind: "tariffs", value: { currency: "RWF" } },
];
const INPUT: Parameters<AgentDataStore["readAgentData"]>[0] = {
  org_id: "o",
  contact_id: "c",
  reads: [{ kind: "tickets", limit: 1 }],
};

Deno.test("what agents read comes back as it was answered, in one call, and is asked for again when it is lost", async () => {
  await using server = serveAnswers(
    { status: 503, body: { code: "PGRST001", message: "no connection" } },
    { status: 200, body: { code: "read", results: RESULTS, is_switched_off: false } },
    { status: 200, body: { code: "read", results: [], is_switched_off: true } },
  );
  const store = createAgentDataStore(connect(server.url));
  assert.deepEqual(await store.readAgentData(INPUT), RESULTS);
  assert.deepEqual(
    server.received.map(({ path }) => path),
    Array(2).fill("/rest/v1/rpc/read_agent_data?columns=request"),
  );
  assert.deepEqual(await store.readAgentData({ ...INPUT, reads: [] }), []);
  assert.equal(server.received.length, 2);
  const told: boolean[] = [];
  const tellSwitch = (isOff: boolean) => void told.push(isOff);
  await store.readAgentData({ ...INPUT, reads: [] }, { tellSwitch });
  assert.deepEqual(
    [told, server.received.length],
    [[true], 3],
    "who asks for the switch alone is told",
  );
});

Deno.test("an answer of another shape is not taken for data", async () => {
  for (
    const results of [
      [{ kind: "knowledge", answer: null }],
      [{ kind: "listing", listing: { ...listing, state: "stolen" } }],
      null,
    ]
  ) {
    await using server = serveAnswers({
      status: 200,
      body: { code: "read", results, is_switched_off: false },
    });
    await assert.rejects(
      createAgentDataStore(connect(server.url)).readAgentData(INPUT),
      (error: AppError) => error.code === "internal",
    );
  }
});

Deno.test("refusals reach whoever decided, on the phone too, and a person's conversation is left alone", async () => {
  const refusals = [{ place: 0, code: "taken" }];
  const result = {
    tool_call_id: "t",
    tool: "book",
    result: null,
    error: "That did not work.",
    replayed: false,
    refusals,
  };
  await using server = serveAnswers(
    { status: 200, body: { code: "refused", refusals, is_switched_off: true } },
    { status: 200, body: { code: "recorded", results: [result] } },
    { status: 200, body: { code: "handed_over", hand_over_id: "h", state: "waiting" } },
  );
  const database = connect(server.url);
  assert.deepEqual(await createTurnStore(database).completeTurn({} as never), {
    code: "refused",
    refusals,
    is_switched_off: true,
  });
  assert.deepEqual(await createCallStore(database).recordToolCalls({} as never), {
    code: "recorded",
    results: [result],
  });
  assert.deepEqual(await createTurnStore(database).claimTurn({} as never), {
    code: "handed_over",
  });
});
