import assert from "node:assert/strict";
import { member, send, withSimulators } from "../with_simulators.ts";

const TOKEN = "EAAdemo0000000000000000000000000000000000000000";
const PATH = "/v26.0/100000000000001/messages";
const TO = "16505551234";
const to = { messaging_product: "whatsapp", recipient_type: "individual", to: TO };
const text = (body: string) => ({ ...to, type: "text", text: { body } });
const button = (id: string, title: string) => ({ type: "reply", reply: { id, title } });
const buttons = (...all: unknown[]) => ({
  ...to,
  type: "interactive",
  interactive: { type: "button", body: { text: "Choose" }, action: { buttons: all } },
});
const list = (rows: unknown[], more: Record<string, unknown> = {}) => ({
  ...to,
  type: "interactive",
  interactive: {
    type: "list",
    body: { text: "Choose" },
    action: { button: "Open", sections: [{ title: "All", rows }] },
    ...more,
  },
});
const row = (id: string) => ({ id, title: `Row ${id}` });
const rows = (count: number) => Array.from({ length: count }, (_, index) => row(String(index)));

const ACCEPTED: [what: string, message: Record<string, unknown>][] = [
  ["a text of 4096 characters", text("x".repeat(4096))],
  ["callback data", { ...text("Hi"), biz_opaque_callback_data: "x".repeat(512) }],
  ["a reply", { ...text("Hi"), context: { message_id: "wamid.1" } }],
  ["three buttons", buttons(button("a", "A"), button("b", "B"), button("c", "x".repeat(20)))],
  ["ten rows", list(rows(10))],
  ["an image by link", { ...to, type: "image", image: { link: "https://x.test/a.png" } }],
  ["a location request", {
    ...to,
    type: "interactive",
    interactive: {
      type: "location_request_message",
      body: { text: "Where are you?" },
      action: { name: "send_location" },
    },
  }],
  ["a template", {
    ...to,
    type: "template",
    template: {
      name: "missed_call",
      language: { code: "en_US" },
      components: [{ type: "body", parameters: [{ type: "text", text: "Ann" }] }],
    },
  }],
];
for (const [what, body] of ACCEPTED) {
  Deno.test(`sending takes ${what}`, async () => {
    await withSimulators(async ({ graph }) => {
      const reply = await send(`${graph}${PATH}`, { key: TOKEN, body });
      assert.equal(reply.status, 200, JSON.stringify(reply.body));
      assert.match(member(member<unknown[]>(reply.body, "messages")[0], "id"), /^wamid\./);
      assert.deepEqual(member(reply.body, "contacts"), [{ input: TO, wa_id: TO }]);
      const { body: state } = await send(`${graph}/__simulator/state?account=${TOKEN}`);
      assert.deepEqual(member(member<unknown[]>(state, "messages")[0], "body"), body);
    });
  });
}

const { to: _to, ...nobody } = text("Hi");
const REFUSED: [what: string, message: unknown, code: number][] = [
  ["no product", { ...text("Hi"), messaging_product: undefined }, 100],
  ["an unknown key", { ...text("Hi"), priority: "high" }, 100],
  ["an unknown key of the text", { ...to, type: "text", text: { body: "Hi", bold: true } }, 100],
  ["an unknown type", { ...to, type: "telegram", telegram: {} }, 100],
  ["no recipient", nobody, 131009],
  ["two recipients", { ...text("Hi"), recipient: "US.1349120865530274" }, 131009],
  ["a recipient that is no number", { ...text("Hi"), to: "Ann" }, 131009],
  ["no content", { ...to, type: "text" }, 131008],
  ["an empty text", text(""), 131009],
  ["a text of 4097 characters", text("x".repeat(4097)), 131009],
  ["callback data of 513", { ...text("Hi"), biz_opaque_callback_data: "x".repeat(513) }, 131009],
  ["four buttons", buttons(...["a", "b", "c", "d"].map((id) => button(id, id))), 131009],
  ["a button title of 21", buttons(button("a", "x".repeat(21))), 131009],
  ["a button id of 257", buttons(button("x".repeat(257), "A")), 131009],
  ["two buttons of one id", buttons(button("a", "A"), button("a", "B")), 131009],
  ["eleven rows", list(rows(11)), 131009],
  ["a row title of 25", list([{ id: "a", title: "x".repeat(25) }]), 131009],
  ["a row description of 73", list([{ ...row("a"), description: "x".repeat(73) }]), 131009],
  ["a row id of 201", list([row("x".repeat(201))]), 131009],
  [
    "a list button of 21",
    list([], { action: { button: "x".repeat(21), sections: [{ rows: rows(1) }] } }),
    131009,
  ],
  ["an interactive body of 1025", {
    ...to,
    type: "interactive",
    interactive: {
      type: "button",
      body: { text: "x".repeat(1025) },
      action: { buttons: [button("a", "A")] },
    },
  }, 131009],
  ["a template without a language", { ...to, type: "template", template: { name: "a" } }, 131008],
  ["media by id and by link", {
    ...to,
    type: "image",
    image: { id: "1", link: "https://x.test/a.png" },
  }, 131009],
];
for (const [what, body, code] of REFUSED) {
  Deno.test(`sending refuses ${what}`, async () => {
    await withSimulators(async ({ graph }) => {
      const reply = await send(`${graph}${PATH}`, { key: TOKEN, body });
      assert.equal(reply.status, 400);
      assert.equal(member(member(reply.body, "error"), "code"), code, JSON.stringify(reply.body));
      const { body: state } = await send(`${graph}/__simulator/state?account=${TOKEN}`);
      assert.deepEqual(member(state, "messages"), []);
    });
  });
}

Deno.test("a business-scoped user id is a recipient, and comes back as user_id", async () => {
  await withSimulators(async ({ graph }) => {
    const recipient = "US.13491208655302741918";
    const { body } = await send(`${graph}${PATH}`, { key: TOKEN, body: { ...nobody, recipient } });
    assert.deepEqual(member(body, "contacts"), [{ input: recipient, user_id: recipient }]);
  });
});

Deno.test("a message is marked read, with or without typing", async () => {
  await withSimulators(async ({ graph }) => {
    const receipt = { messaging_product: "whatsapp", status: "read", message_id: "wamid.1" };
    const typing = { ...receipt, typing_indicator: { type: "text" } };
    for (const body of [receipt, typing]) {
      const reply = await send(`${graph}${PATH}`, { key: TOKEN, body });
      assert.deepEqual(reply.body, { success: true });
    }
    const strange = { ...receipt, status: "seen" };
    assert.equal((await send(`${graph}${PATH}`, { key: TOKEN, body: strange })).status, 400);
    const { body: state } = await send(`${graph}/__simulator/state?account=${TOKEN}`);
    assert.deepEqual(member<unknown[]>(state, "read").map((one) => member(one, "typing")), [
      false,
      true,
    ]);
  });
});

Deno.test("with its window closed a recipient gets templates only", async () => {
  await withSimulators(async ({ graph }) => {
    await send(`${graph}/__simulator/settings`, {
      method: "PUT",
      body: { account: TOKEN, closedWindows: [TO] },
    });
    const closed = await send(`${graph}${PATH}`, { key: TOKEN, body: text("Hi") });
    assert.equal(member(member(closed.body, "error"), "code"), 131047);
    const template = { name: "missed_call", language: { code: "en" } };
    const sent = await send(`${graph}${PATH}`, {
      key: TOKEN,
      body: { ...to, type: "template", template },
    });
    assert.equal(sent.status, 200);
  });
});

Deno.test("another account's number can't be sent from", async () => {
  await withSimulators(async ({ graph }) => {
    const url = `${graph}/v26.0/100000000000002/messages`;
    assert.equal((await send(url, { key: TOKEN, body: text("Hi") })).status, 400);
  });
});
