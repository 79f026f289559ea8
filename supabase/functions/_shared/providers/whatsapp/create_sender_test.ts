import assert from "node:assert/strict";
import { type Answer, serveAnswers } from "../../../../../tests/http/serve_answers.ts";
import type { OutboundContent } from "../../domain/outbox/outbound_content.ts";
import type { ProviderCall } from "../../ports.ts";
import type { SendOutcome } from "../../ports_messaging.ts";
import { createPolicy } from "../resilience/create_policy.ts";
import { createWhatsappSender } from "./create_sender.ts";
import { renderMessage } from "./render_message.ts";

const TOKEN = "EAAtoken0123456789abcdef";
const text = { type: "text", content: { text: "Muraho" } } as const;
const envelope = { to: { phone: "250788123456", bsuid: null }, rowId: "row-1", replyToWamid: null };

/** Whoever answers is waited for on any machine. */
function createSender(
  baseUrl: string,
  calls: ProviderCall[] = [],
  attemptTimeoutMilliseconds = 20_000,
) {
  return createWhatsappSender({
    baseUrl,
    version: "v26.0",
    phoneNumberId: "1001",
    secrets: { access_token: TOKEN, app_secret: null },
    policy: createPolicy({ attempts: 1, attemptTimeoutMilliseconds }),
    record: (call) => calls.push(call),
  });
}

const error = (code: number) => ({ error: { message: "No", code, type: "OAuthException" } });

Deno.test("what became of a message is said exactly", async (test) => {
  const cases: [string, Answer, Partial<SendOutcome>][] = [
    ["accepted", { status: 200, body: { messages: [{ id: "wamid.A" }] } }, {
      kind: "accepted",
      wamid: "wamid.A",
    }],
    ["refused with a code", { status: 400, body: error(131026) }, {
      kind: "refused",
      code: 131026,
      status: 400,
    }],
    ["a bad token", { status: 401, body: error(190) }, { kind: "refused", code: 190, status: 401 }],
    ["code 0 is a code", { status: 401, body: error(0) }, { kind: "refused", code: 0 }],
    ["refused without a code", { status: 404, text: "gone" }, {
      kind: "refused",
      code: null,
      status: 404,
    }],
    [
      "slow down",
      { status: 429, body: error(130429), headers: { "retry-after": "7" } },
      { kind: "refused", code: 130429, retryAfterSeconds: 7 },
    ],
    ["Graph's own trouble is an answer", { status: 500, body: error(131000) }, {
      kind: "refused",
      code: 131000,
    }],
    ["a gateway's trouble is none", { status: 502, text: "Bad gateway" }, { kind: "undecided" }],
    ["no answer in time", "hang", { kind: "undecided" }],
    ["a broken answer", "drop", { kind: "undecided" }],
    ["an answer that isn't JSON", { status: 200, text: "<html>" }, { kind: "undecided" }],
    ["an answer without an id", { status: 200, body: { messages: [] } }, { kind: "undecided" }],
  ];
  for (const [name, answer, expected] of cases) {
    await test.step(name, async () => {
      await using server = serveAnswers(answer);
      const calls: ProviderCall[] = [];
      const sender = createSender(server.url, calls, answer === "hang" ? 1_000 : undefined);
      const outcome = await sender.send({ ...text, ...envelope });
      assert.deepEqual({ ...outcome, ...expected }, outcome);
      assert.equal(server.received.length, 1, "it is sent once");
      assert.equal(calls.length, 1, "and counted once");
      assert.ok(!JSON.stringify(outcome).includes(TOKEN));
    });
  }
  await test.step("nobody there: nothing was sent", async () => {
    const server = serveAnswers("drop");
    await server[Symbol.asyncDispose]();
    assert.equal((await createSender(server.url).send({ ...text, ...envelope })).kind, "not_sent");
  });
});

Deno.test("after five failures in a row nothing leaves for a while", async () => {
  await using server = serveAnswers({ status: 502, text: "" });
  const sender = createSender(server.url);
  const kinds: string[] = [];
  for (let index = 0; index < 7; index += 1) {
    kinds.push((await sender.send({ ...text, ...envelope })).kind);
  }
  assert.deepEqual(kinds, [...Array(5).fill("undecided"), "not_sent", "not_sent"]);
  assert.equal(server.received.length, 5);
});

Deno.test("messages are written as the Cloud API wants them", async (test) => {
  const cases: [string, OutboundContent, unknown][] = [
    ["text", { type: "text", content: { text: "Hi", preview_url: false } }, {
      type: "text",
      text: { body: "Hi", preview_url: false },
    }],
    ["buttons", {
      type: "buttons",
      content: { text: "Which?", footer: "f", buttons: [{ id: "a", title: "A" }] },
    }, {
      type: "interactive",
      interactive: {
        type: "button",
        body: { text: "Which?" },
        footer: { text: "f" },
        action: { buttons: [{ type: "reply", reply: { id: "a", title: "A" } }] },
      },
    }],
    ["list", {
      type: "list",
      content: {
        header: "H",
        text: "Choose",
        button: "Open",
        sections: [{ rows: [{ id: "r", title: "R", description: "D" }, { id: "s", title: "S" }] }],
      },
    }, {
      type: "interactive",
      interactive: {
        type: "list",
        header: { type: "text", text: "H" },
        body: { text: "Choose" },
        action: {
          button: "Open",
          sections: [{
            rows: [{ id: "r", title: "R", description: "D" }, { id: "s", title: "S" }],
          }],
        },
      },
    }],
    ["location request", { type: "location_request", content: { text: "Where?" } }, {
      type: "interactive",
      interactive: {
        type: "location_request_message",
        body: { text: "Where?" },
        action: { name: "send_location" },
      },
    }],
    ["template", {
      type: "template",
      content: { name: "hello", language: "en-US", parameters: ["Ada"] },
    }, {
      type: "template",
      template: {
        name: "hello",
        language: { code: "en_US" },
        components: [{ type: "body", parameters: [{ type: "text", text: "Ada" }] }],
      },
    }],
  ];
  for (const [name, content, expected] of cases) {
    await test.step(name, () => {
      assert.deepEqual(renderMessage({ ...content, ...envelope }), {
        messaging_product: "whatsapp",
        recipient_type: "individual",
        to: "250788123456",
        biz_opaque_callback_data: "row-1",
        ...expected as object,
      });
    });
  }
  await test.step("to a BSUID, quoting what it answers", () => {
    const message = renderMessage({
      ...text,
      to: { phone: null, bsuid: "RW.1" },
      rowId: "row-1",
      replyToWamid: "wamid.A",
    });
    assert.deepEqual([message["to"], message["recipient"], message["context"]], [
      undefined,
      "RW.1",
      { message_id: "wamid.A" },
    ]);
  });
  await test.step("what is too long is cut, never through a character", () => {
    const message = renderMessage({
      type: "list",
      content: {
        text: "x".repeat(2000),
        button: `${"b".repeat(18)}🙂🙂`,
        sections: [{
          rows: Array.from(
            { length: 12 },
            (_, index) => ({ id: `${index}`, title: "t".repeat(30) }),
          ),
        }],
      },
      ...envelope,
    });
    const { body, action } = message["interactive"] as {
      body: { text: string };
      action: { button: string; sections: { rows: { title: string }[] }[] };
    };
    assert.equal(body.text.length, 1024);
    assert.equal(action.button, `${"b".repeat(18)}…`);
    assert.deepEqual([action.sections[0]!.rows.length, action.sections[0]!.rows[0]!.title.length], [
      10,
      24,
    ]);
  });
});

Deno.test("marking read is a courtesy that never throws", async () => {
  await using server = serveAnswers({ status: 500, text: "" });
  await createSender(server.url).markRead("wamid.A", { typing: true });
  assert.deepEqual(JSON.parse(server.received[0]!.body), {
    messaging_product: "whatsapp",
    status: "read",
    message_id: "wamid.A",
    typing_indicator: { type: "text" },
  });
});
