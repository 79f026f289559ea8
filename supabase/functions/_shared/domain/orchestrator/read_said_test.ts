import assert from "node:assert/strict";
import type { JsonObject } from "../../ports.ts";
import type { WaitingMessage } from "../../ports_messaging.ts";
import { answerId, stepKey } from "../flows/ask_step.ts";
import { readSaid } from "./read_said.ts";

type InboundType = WaitingMessage["type"];
const message = (type: InboundType, content: JsonObject, place: number): WaitingMessage => ({
  id: `${place}`,
  wamid: `wamid.${place}`,
  sequence: place,
  type,
  content,
  sent_at: "2026-11-20T12:00:00Z",
  created_at: "2026-11-20T12:00:00Z",
  attempts: 0,
  phone_number_id: "1",
});
const text = (text: string) => ["text", { text }] as const;
const tap = (id: string) => ["interactive", { id, title: "A button" }] as const;

const key = stepKey("confirm", { price: 100 });
const yes = answerId("sell", key, "yes");
const cancel = answerId("sell", key, "cancel");
const proposed = answerId("jobs", "proposal-17", "yes");
const kilo = answerId("sell", "unit", "yes");

const BURSTS: [
  what: string,
  burst: (readonly [type: InboundType, content: JsonObject])[],
  said: { choice: string | null; text: string },
][] = [
  ["a yes alone confirms", [tap(yes)], { choice: yes, text: "" }],
  [
    "a yes after a correction confirms nothing",
    [text("wait, price is 200k"), tap(yes)],
    { choice: null, text: "wait, price is 200k" },
  ],
  [
    "nor does one before it",
    [tap(yes), text("wait, price is 200k")],
    { choice: null, text: "wait, price is 200k" },
  ],
  [
    "nor beside a caption",
    [["image", { caption: "This one" }], tap(yes)],
    { choice: null, text: "This one" },
  ],
  [
    "nor before a message that is corrected",
    [tap(yes), ["edit", { message: { text: "200k" } }]],
    { choice: null, text: "200k" },
  ],
  [
    "nor to what a model proposes",
    [text("not that one"), tap(proposed)],
    { choice: null, text: "not that one" },
  ],
  ["a cancel does", [text("hm"), tap(cancel)], { choice: cancel, text: "" }],
  ["an answer to a step does", [text("hm"), tap(kilo)], { choice: kilo, text: "" }],
];
for (const [what, burst, said] of BURSTS) {
  Deno.test(`in a burst ${what}`, () => {
    const { choice, text, title } = readSaid(
      burst.map(([type, content], place) => message(type, content, place)),
    );
    assert.deepEqual({ choice, text }, said);
    assert.equal(title === null, choice === null);
  });
}
