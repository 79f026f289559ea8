import assert from "node:assert/strict";
import { planSend, type SendPlan } from "./plan_send.ts";

const now = Date.parse("2026-11-20T12:00:00Z");
const recipient = {
  phone: "250788123456",
  bsuid: null,
  opted_out: false,
  last_inbound_at: "2026-11-20T11:59:00Z",
};
const settings = { quiet_hours: {}, time_zone: "UTC", language: "fr", template_names: {} };
const text = { type: "text", content: { text: "Hello" } } as const;
const template = { type: "template", content: { name: "missed_call", language: "en" } } as const;
const closed = { ...recipient, last_inbound_at: "2026-11-19T11:59:59Z" };

Deno.test("a message is planned before it is given to WhatsApp", async (test) => {
  const cases: [
    string,
    Parameters<typeof planSend>[0],
    Partial<Parameters<typeof planSend>[1]>,
    SendPlan["kind"] | SendPlan,
  ][] = [
    ["a reply in time", { kind: "reply", ...text }, {}, {
      kind: "send",
      message: { kind: "reply", ...text } as never,
      replaced: false,
    }],
    ["a reply to somebody who opted out", { kind: "reply", ...text }, {
      recipient: { ...recipient, opted_out: true },
    }, "send"],
    ["our own to somebody who opted out", { kind: "initiated", ...text }, {
      recipient: { ...recipient, opted_out: true },
    }, { kind: "cancel", reason: "the person has opted out" }],
    ["our own in quiet hours", { kind: "initiated", ...text }, {
      settings: { ...settings, quiet_hours: { daily: ["11:00-13:00"] } },
    }, { kind: "hold", until: Date.parse("2026-11-20T13:00:00Z"), reason: "quiet hours" }],
    ["a reply in quiet hours", { kind: "reply", ...text }, {
      settings: { ...settings, quiet_hours: { daily: ["11:00-13:00"] } },
    }, "send"],
    ["text after a day, no template", { kind: "reply", ...text }, { recipient: closed }, {
      kind: "fail",
      code: 131047,
      reason: "24 hours have passed since the person's last message, and no template is configured",
    }],
    ["text after a day, a template's name", { kind: "reply", ...text }, {
      recipient: closed,
      settings: { ...settings, template_names: { window_closed: "come_back" } },
    }, {
      kind: "send",
      message: { type: "template", content: { name: "come_back", language: "fr" } },
      replaced: true,
    }],
    ["text after a day, a template with its language", { kind: "reply", ...text }, {
      recipient: closed,
      settings: {
        ...settings,
        template_names: { window_closed: { name: "come_back", language: "en_US" } },
      },
    }, {
      kind: "send",
      message: { type: "template", content: { name: "come_back", language: "en_US" } },
      replaced: true,
    }],
    ["a template to somebody who never wrote", { kind: "initiated", ...template }, {
      recipient: { ...recipient, last_inbound_at: null },
    }, "send"],
    ["nowhere to send to", { kind: "reply", ...text }, {
      recipient: { ...recipient, phone: null },
    }, "fail"],
    ["a BSUID alone", { kind: "reply", ...text }, {
      recipient: { ...recipient, phone: null, bsuid: "US.1" },
    }, "send"],
  ];
  for (const [name, message, given, expected] of cases) {
    await test.step(name, () => {
      const plan = planSend(message, { recipient, settings, now, ...given });
      if (typeof expected === "string") assert.equal(plan.kind, expected);
      else assert.deepEqual(plan, expected);
    });
  }
});
