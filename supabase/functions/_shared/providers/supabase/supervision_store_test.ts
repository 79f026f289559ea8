import assert from "node:assert/strict";
import { serveAnswers } from "../../../../../tests/http/serve_answers.ts";
import type { AppError } from "../../errors.ts";
import { createDatabase, type Database } from "./create_database.ts";
import { createHandOverStore } from "./hand_over_store.ts";
import { createSupervisionStore } from "./supervision_store.ts";

const connect = (supabaseUrl: string) =>
  createDatabase({ supabaseUrl, secretKey: "sb_secret_local_demo_key", retryBaseMilliseconds: 1 });

const AT = "2026-11-21T10:00:00Z";
const handOver = {
  id: "h",
  contact_id: "c",
  session_id: null,
  contact_name: "Ann",
  reason: "Asked for a person",
  state: "waiting",
  waiting_at: AT,
  taken_at: null,
  taken_by: null,
  replied_at: null,
  released_at: null,
  last_inbound_at: AT,
};
const message = {
  id: "m",
  direction: "in",
  type: "text",
  content: { text: "Hello?" },
  at: AT,
  state: "handed_over",
};
const conversation = {
  id: "f",
  contact_id: "c",
  session_id: "s",
  agent: "jobs",
  error: "It broke",
  correlation_id: "r",
  failures: 2,
  state: "failed",
  failed_at: AT,
  last_failed_at: AT,
  reviewed_at: null,
  reviewed_by: null,
  note: null,
  replayed_at: null,
  replayed_messages: null,
};
const outsideWindow = { code: "outside_window", last_inbound_at: null };
const agentSwitch = {
  agent: "jobs",
  state: "off",
  consecutive_failures: 5,
  last_error: "It broke",
  last_failed_at: AT,
  switched_off_at: AT,
  switched_on_at: null,
  reason: null,
};
const forbidden = { code: "forbidden" };
const notFound = { code: "not_found" };
const takenByAnother = { code: "taken_by_another", taken_by: null };
const input = {} as never;

const CASES: [
  name: string,
  call: (database: Database) => Promise<unknown>,
  answers: ({ code: string } & Record<string, unknown>)[],
][] = [
  ["list_hand_overs", (database) => createHandOverStore(database).listHandOvers(input), [
    { code: "listed", hand_overs: [handOver] },
    forbidden,
  ]],
  ["read_hand_over", (database) => createHandOverStore(database).readHandOver(input), [
    { code: "read", hand_over: handOver, session: null, messages: [message] },
    notFound,
    forbidden,
  ]],
  ["take_hand_over", (database) => createHandOverStore(database).takeHandOver(input), [
    { code: "taken", hand_over: handOver },
    { code: "released" },
    takenByAnother,
    notFound,
    forbidden,
  ]],
  ["reply_to_hand_over", (database) => createHandOverStore(database).replyToHandOver(input), [
    { code: "queued", message_id: "m" },
    { code: "not_taken" },
    { code: "opted_out" },
    outsideWindow,
    notFound,
    forbidden,
  ]],
  ["release_hand_over", (database) => createHandOverStore(database).releaseHandOver(input), [
    { code: "released", told: true },
    takenByAnother,
    notFound,
    forbidden,
  ]],
  [
    "list_agent_switches",
    (database) => createSupervisionStore(database).listAgentSwitches(input),
    [{ code: "listed", switches: [agentSwitch] }, forbidden],
  ],
  [
    "read_failed_conversation",
    (database) => createSupervisionStore(database).readFailedConversation(input),
    [{ code: "read", conversation, messages: [message] }, notFound, forbidden],
  ],
  [
    "replay_conversation",
    (database) => createSupervisionStore(database).replayConversation(input),
    [
      { code: "replayed", messages: 2, again: false },
      { code: "nothing_to_replay" },
      { code: "handed_over" },
      outsideWindow,
      notFound,
      forbidden,
    ],
  ],
  ["switch_agent", (database) => createSupervisionStore(database).switchAgent(input), [
    { code: "switched", agent: "jobs", state: "off" },
    forbidden,
  ]],
  [
    "list_failed_conversations",
    (database) => createSupervisionStore(database).listFailedConversations(input),
    [{ code: "listed", conversations: [conversation] }, forbidden],
  ],
  [
    "review_conversation",
    (database) => createSupervisionStore(database).reviewConversation(input),
    [{ code: "reviewed" }, notFound, forbidden],
  ],
  ["contact_timeline", (database) => createSupervisionStore(database).readContactTimeline(input), [
    {
      code: "read",
      contact: { id: "c", name: null },
      items: [{ kind: "call", id: "l", at: AT, state: "missed", summary: null, details: {} }],
    },
    notFound,
    forbidden,
  ]],
];

for (const [name, call, answers] of CASES) {
  Deno.test(`${name} hands on each of its answers, is repeated, and takes nothing else for one`, async () => {
    for (const body of answers) {
      await using server = serveAnswers({ status: 200, body });
      assert.deepEqual(await call(connect(server.url)), body);
      assert.equal(server.received[0]?.path, `/rest/v1/rpc/${name}?columns=request`);
    }
    await using failing = serveAnswers({
      status: 503,
      body: { code: "PGRST001", message: "down" },
    });
    await assert.rejects(
      call(connect(failing.url)),
      (error: AppError) => error.code === "unavailable",
    );
    assert.equal(failing.received.length, 3);
    await using other = serveAnswers({ status: 200, body: { code: "something_else" } });
    await assert.rejects(call(connect(other.url)), (error: AppError) => error.code === "internal");
  });
}
