import assert from "node:assert/strict";
import { createMemoryLogger } from "../../../../tests/in_memory/create_memory_logger.ts";
import type {
  ClaimedSend,
  MessageSender,
  OutboxStore,
  RecordSentInput,
  SenderRow,
} from "../ports_messaging.ts";
import { sendClaimed } from "./send_claimed.ts";

const canary: SenderRow = {
  org_id: "org",
  settings: {
    language: "en",
    time_zone: "UTC",
    quiet_hours: null,
    business_hours: null,
    template_names: {},
    fallback_text: "",
  },
  whatsapp: null,
  paused_until: null,
  sink: true,
};
const connectable: SenderRow = {
  ...canary,
  whatsapp: { public_config: {}, fingerprint: "f", ciphertext: "c", key_id: "k" },
};
const send: ClaimedSend = {
  org_id: "org",
  contact_id: "contact",
  fencing_token: 1,
  recipient: {
    phone: "99910000000000",
    bsuid: null,
    opted_out: false,
    last_inbound_at: "2026-11-20T12:00:00Z",
  },
  messages: ["a", "b"].map((id) => ({
    id,
    kind: "reply",
    attempts: 1,
    reply_to_wamid: null,
    correlation_id: null,
    type: "text",
    content: { text: "hello" },
  })),
};

/** Sends, and answers what was recorded and how often somebody wanted a provider. */
async function run(row: SenderRow, connected?: Map<string, MessageSender>) {
  const recorded: RecordSentInput[] = [];
  let connections = 0;
  const logger = createMemoryLogger();
  const outbox: Pick<OutboxStore, "recordSent"> = {
    recordSent: (input) => {
      recorded.push(input);
      return Promise.resolve({ lost: [], sends: [] });
    },
  };
  const { sent } = await sendClaimed({
    outbox: outbox as OutboxStore,
    connectSender: () => {
      connections += 1;
      return Promise.reject(new Error("nobody may connect"));
    },
    clock: () => Date.parse("2026-11-20T12:00:01Z"),
    logger,
  }, { sends: [send], senders: { org: row }, ...(connected === undefined ? {} : { connected }) });
  return { sent, recorded, connections };
}

const expected = [
  { id: "a", outcome: "sent", wamid: "sink.a" },
  { id: "b", outcome: "sent", wamid: "sink.b" },
];
const results = (recorded: RecordSentInput[]) =>
  recorded.flatMap((input) =>
    input.results.map(({ id, outcome, wamid }) => ({ id, outcome, wamid }))
  );

Deno.test("what is for the sink is recorded as sent under ids of its own, and counted as no call", async () => {
  const { sent, recorded, connections } = await run(canary);
  assert.deepEqual(results(recorded), expected);
  assert.deepEqual([sent, connections], [2, 0]);
  assert.deepEqual(recorded.flatMap((input) => input.provider_calls), []);
});

Deno.test("credentials, and a sender that is connected already, change nothing about that", async () => {
  const real: MessageSender = {
    send: () => Promise.reject(new Error("nobody may send")),
    markRead: () => Promise.reject(new Error("nobody may read")),
  };
  const { recorded, connections } = await run(connectable, new Map([["org", real]]));
  assert.deepEqual(results(recorded), expected);
  assert.equal(connections, 0);
});

Deno.test("anything but a clear yes is no sink: without credentials the messages are held", async () => {
  for (const sink of [undefined, false, "true", 1]) {
    const { sink: _, ...rest } = canary;
    const row = (sink === undefined ? rest : { ...rest, sink }) as SenderRow;
    const { sent, recorded, connections } = await run(row);
    assert.deepEqual(recorded[0]!.results.map(({ outcome }) => outcome), ["held", "held"]);
    assert.deepEqual([sent, connections], [0, 0]);
  }
});
