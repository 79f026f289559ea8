import { deepEqual, equal } from "node:assert/strict";
import { listDifferences } from "./list_differences.ts";

const applied = {
  firstMessage: "Hello!",
  model: { messages: [{ role: "system", content: "Be kind." }], temperature: 0.4 },
  server: { url: "https://ours", headers: { "X-Vapi-Secret": "v1.secret" } },
};

Deno.test("each difference has both values", () => {
  const actual = { ...applied, firstMessage: "Hi!", model: { messages: [] } };
  deepEqual(
    listDifferences(applied, actual, ["firstMessage", "model.messages", "model.temperature"]),
    [
      { field: "firstMessage", applied: "Hello!", actual: "Hi!" },
      { field: "model.messages", applied: applied.model.messages, actual: [] },
      { field: "model.temperature", applied: 0.4, actual: null },
    ],
  );
});

Deno.test("headers are named and never shown", () => {
  const actual = { ...applied, server: null };
  const paths = ["server", "server.headers", "server.headers.X-Vapi-Secret"];
  const shown = listDifferences(applied, actual, paths);
  deepEqual(shown.map(({ field }) => field), paths);
  equal(JSON.stringify(shown).includes("v1.secret"), false);
});

Deno.test("a long value is cut", () => {
  const [difference] = listDifferences({ firstMessage: "a".repeat(5_000) }, {}, ["firstMessage"]);
  equal(String(difference?.applied).length, 1_001);
});

Deno.test("a function is found by its name, and its secret is not shown", () => {
  const offered = (description: string) => ({
    type: "function",
    function: { name: "take_message", description },
    server: { url: "https://u", headers: { "X-Vapi-Secret": "s" } },
  });
  const applied = { model: { tools: [offered("Takes a message.")] } };
  const actual = { model: { tools: [{ type: "endCall" }, offered("Never.")] } };
  const [changed, gone, secret] = listDifferences(applied, actual, [
    "model.tools.take_message",
    "model.tools.other",
    "model.tools.server.headers.X-Vapi-Secret",
  ]);
  const shown = (description: string) => {
    const { server: _, ...rest } = offered(description);
    return { ...rest, server: { url: "https://u" } };
  };
  deepEqual(changed?.applied, shown("Takes a message."));
  deepEqual(changed?.actual, shown("Never."));
  deepEqual([gone?.applied, gone?.actual], [null, null]);
  deepEqual([secret?.applied, secret?.actual], [null, null]);
});
