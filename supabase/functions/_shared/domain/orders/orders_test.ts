import assert from "node:assert/strict";
import * as fc from "fast-check";
import { priceItems, readMenu } from "./price_items.ts";
import { readItems } from "./read_items.ts";

Deno.test("what is ordered, in the words of four languages", async (test) => {
  const cases: [string, [string, number][] | undefined][] = [
    ["2 pizzas and a fanta", [["pizzas", 2], ["fanta", 1]]],
    ["I would like three goat brochettes, 1 fanta", [["goat brochettes", 3], ["fanta", 1]]],
    ["2x pizza + 2 coke", [["pizza", 2], ["coke", 2]]],
    ["deux brochettes et une primus", [["brochettes", 2], ["primus", 1]]],
    ["nataka pizza mbili na fanta 1", [["pizza", 2], ["fanta", 1]]],
    ["ndashaka burusheti ebyiri", [["burusheti", 2]]],
    ["12", undefined],
    ["???", undefined],
    ["500 pizzas", undefined],
  ];
  for (const [text, items] of cases) {
    await test.step(
      text,
      () => assert.deepEqual(readItems(text)?.map(({ name, quantity }) => [name, quantity]), items),
    );
  }
});

Deno.test("a menu is read from a list and from lines; what isn't a dish is left out", () => {
  const menu = readMenu({ menu: [{ name: "Pizza", price: 6000 }, { name: "" }, "soup", null] });
  assert.deepEqual(menu, [{ name: "Pizza", price: 6000 }]);
  assert.deepEqual(readMenu({ menu: "Brochette 2500\nTilapia: 7,000 RWF\nclosed on Sunday" }), [
    { name: "Brochette", price: 2500 },
    { name: "Tilapia", price: 7000 },
  ]);
  assert.deepEqual(readMenu({ menu: { pizza: 1 } }), []);
});

Deno.test("a total is the sum of its lines, at the menu's prices", () => {
  const dish = fc.record({ name: fc.constantFrom("Pizza", "Fanta", "Fish"), price: fc.nat(9999) });
  const item = fc.record({
    name: fc.constantFrom("pizza", "fantas", "ugali"),
    quantity: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(fc.property(fc.array(dish), fc.array(item), (menu, items) => {
    const { lines, unknown, total } = priceItems(menu, items);
    assert.equal(total, lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0));
    assert.ok(
      lines.every(({ name, price }) =>
        menu.some((each) => each.name === name && each.price === price)
      ),
    );
    assert.ok(unknown.every((name) => items.some((each) => each.name === name)));
  }));
});
