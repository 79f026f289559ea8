import assert from "node:assert/strict";
import * as fc from "fast-check";
import { reviseItems } from "./revise_items.ts";

const ORDER = [{ name: "Primus beer", quantity: 2 }, { name: "Fanta", quantity: 1 }];

Deno.test("a word about an order changes it and leaves the rest", async (test) => {
  const cases: [said: string, order: [string, number][] | undefined][] = [
    ["no, 3 beers", [["Primus beer", 3], ["Fanta", 1]]],
    ["3 beers", [["Primus beer", 3], ["Fanta", 1]]],
    ["non, 3 fantas", [["Primus beer", 2], ["Fanta", 3]]],
    ["add a coke", [["Primus beer", 2], ["Fanta", 1], ["coke", 1]]],
    ["and two cokes please", [["Primus beer", 2], ["Fanta", 1], ["cokes", 2]]],
    ["another fanta", [["Primus beer", 2], ["Fanta", 2]]],
    ["ajoutez 2 fanta", [["Primus beer", 2], ["Fanta", 3]]],
    ["ongeza fanta 2", [["Primus beer", 2], ["Fanta", 3]]],
    ["ongeraho fanta ebyiri", [["Primus beer", 2], ["Fanta", 3]]],
    ["without the fanta", [["Primus beer", 2]]],
    ["without the beer", [["Fanta", 1]]],
    ["sans fanta", [["Primus beer", 2]]],
    ["remove 1 beer", [["Primus beer", 1], ["Fanta", 1]]],
    ["ondoa fanta", [["Primus beer", 2]]],
    ["a coke instead of the fanta", [["Primus beer", 2], ["coke", 1]]],
    ["no, 2 pizzas", [["pizzas", 2]]],
    ["hapana, fanta 2 na pizza 1", [["Primus beer", 2], ["Fanta", 2], ["pizza", 1]]],
    ["2 pizzas", undefined],
    ["I need a taxi to the airport", undefined],
    ["without the soup", undefined],
    ["what time do you close", undefined],
    ["maybe", undefined],
  ];
  for (const [said, order] of cases) {
    await test.step(
      said,
      () =>
        assert.deepEqual(
          reviseItems(said, ORDER)?.map(({ name, quantity }) => [name, quantity]),
          order,
        ),
    );
  }
});

Deno.test("whatever is said, an order keeps at least one dish and whole quantities", () => {
  const words = fc.constantFrom(
    ..."no,|add|remove|without|3|a|beer|fantas|instead of|and|1".split("|"),
  );
  fc.assert(fc.property(fc.array(words, { maxLength: 8 }), fc.string(), (said, more) => {
    const order = reviseItems(`${said.join(" ")} ${more}`, ORDER);
    assert.ok(order === undefined || order.length > 0);
    assert.ok(order?.every(({ quantity }) => Number.isInteger(quantity) && quantity > 0) ?? true);
  }));
});
