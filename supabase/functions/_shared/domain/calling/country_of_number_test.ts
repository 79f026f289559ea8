import assert from "node:assert/strict";
import * as fc from "fast-check";
import { countryOfNumber } from "./country_of_number.ts";

Deno.test("a number's country, by its longest known prefix", async (test) => {
  const cases: [string, string | null][] = [
    ["+250788123456", "RW"],
    ["+25479123456", "KE"],
    ["+33612345678", "FR"],
    ["+14155550100", "US"],
    ["+14165550100", "CA"],
    ["+18765550100", "JM"],
    ["+19005550100", null],
    ["+18005550100", null],
    ["+79161234567", "RU"],
    ["+77011234567", "KZ"],
    ["+447911123456", "GB"],
    ["+441481123456", "GG"],
    ["+262639123456", "YT"],
    ["+3906698123", "VA"],
    ["+390612345678", "IT"],
    ["+870773123456", null],
    ["+8816123456", null],
    ["+883510012345", null],
    ["250788123456", null],
    ["+0250788123456", null],
    ["+250 788 123 456", null],
    ["+250", null],
    ["", null],
  ];
  for (const [number, country] of cases) {
    await test.step(number || "nothing", () => assert.equal(countryOfNumber(number), country));
  }
});

Deno.test("whatever is written has a country of two letters or none", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    assert.match(countryOfNumber(`+${text}`) ?? "XX", /^[A-Z]{2}$/);
  }));
});
