import assert from "node:assert/strict";
import { readRoute } from "./read_route.ts";

Deno.test("where a journey begins and ends, in four languages", async (test) => {
  const cases: [string, string | undefined, string | undefined][] = [
    ["a ride from Kigali to Huye", "Kigali", "Huye"],
    ["I'm going to Musanze from Kigali", "Kigali", "Musanze"],
    ["Kigali - Huye tomorrow", "Kigali", "Huye"],
    ["a lift to Huye", undefined, "Huye"],
    ["leaving Kigali at 8", "Kigali", undefined],
    ["Kigali", undefined, undefined],
    ["un trajet de Kigali vers Musanze", "Kigali", "Musanze"],
    ["nahitaji usafiri kutoka Kigali kwenda Huye", "Kigali", "Huye"],
    ["kuva i Kigali kujya i Huye", "Kigali", "Huye"],
    ["a ride to the moon", undefined, undefined],
  ];
  for (const [text, from, to] of cases) {
    await test.step(text, () => {
      const route = readRoute(text);
      assert.deepEqual([route.from?.name, route.to?.name], [from, to]);
    });
  }
});
