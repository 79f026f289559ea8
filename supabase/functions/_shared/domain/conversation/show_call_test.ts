import assert from "node:assert/strict";
import { askConfirmation } from "./ask_confirmation.ts";
import { listModelTools } from "./list_model_tools.ts";
import { showCall } from "./show_call.ts";
import { TOOLS } from "../tools/registry.ts";

const ID = "a0000000-0000-4000-8000-000000000001";

Deno.test("what a yes does can be read, all of it", () => {
  const cases: [
    question: string,
    input: Parameters<typeof showCall>[1]["input"],
    title: string | null,
    shown: string,
  ][] = [
    ["Send this?", { listing_id: ID }, "Driver in Kigali", "*Driver in Kigali*\nSend this?"],
    [
      "Sell maize for RWF 300,000?",
      { title: "Maize", price: 300000 },
      null,
      "Sell maize for RWF 300,000?",
    ],
    [
      "Send this?",
      { listing_id: ID, details: { salary_wish: 9, note: "Call 0788" }, note: null, tags: ["a b"] },
      null,
      "salary wish: 9\nMessage: Call 0788\ntags: a b\nSend this?",
    ],
    ["Mark “Bike” as sold?", { state: "sold" }, "Bike", "Mark “Bike” as sold?"],
  ];
  for (const [question, input, title, shown] of cases) {
    assert.equal(showCall(question, { input, title, language: "en" }), shown);
  }
});

Deno.test("a question has two buttons below it, and nothing of it is cut", () => {
  const buttons = [{ id: "answer:yes", title: "Yego" }, { id: "answer:no", title: "Oya" }];
  assert.deepEqual(askConfirmation("Nohereze?", "rw", buttons), [
    { type: "buttons", content: { text: "Nohereze?", buttons } },
  ]);
  const long = "é🚗".repeat(3_000);
  const asked = askConfirmation(long, "rw", buttons);
  const texts = asked.flatMap((one) => one.type === "text" ? [one.content.text] : []);
  assert.equal(texts.join(""), long);
  assert.ok(texts.every((text) => text.length <= 4_096 && text.isWellFormed()));
  const last = asked.at(-1)!;
  assert.ok(last.type === "buttons" && last.content.text.length < 1_024);
  assert.deepEqual(last.content.buttons, buttons);
});

Deno.test("every tool can be offered to a model, and only tools that there are", () => {
  const tools = listModelTools(TOOLS, [...Object.keys(TOOLS), "delete_everything", "toString"]);
  assert.deepEqual(tools.map(({ name }) => name), Object.keys(TOOLS));
  for (const { name, input_schema } of tools) {
    assert.equal(input_schema["type"], "object", name);
    assert.equal("$schema" in input_schema, false);
  }
});
