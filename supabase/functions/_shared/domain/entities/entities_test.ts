import assert from "node:assert/strict";
import * as fc from "fast-check";
import { UNITS } from "../agents/farmer/crops.ts";
import { findThing } from "../agents/marketplace/goods.ts";
import { readAnsweredAmount, readMoney } from "./read_amount.ts";
import { readAnsweredCount, readCountOf } from "./read_count.ts";
import { readDate, readTime, toMoment } from "./read_date.ts";
import { readAnsweredPlace, readKnownPlaces } from "./read_place.ts";
import { readQuantity } from "./read_quantity.ts";

Deno.test("money as people write it", () => {
  const cases: [string, number, string | null][] = [
    ["200k", 200_000, null],
    ["for 50,000 frw", 50_000, "RWF"],
    ["350 000 RWF", 350_000, "RWF"],
    ["1.500.000 francs", 1_500_000, "RWF"],
    ["1.5m", 1_500_000, null],
    ["1,5 millions", 1_500_000, null],
    ["$ 300", 300, "USD"],
    ["RWF 20000", 20_000, "RWF"],
    ["amafaranga 5000", 5_000, "RWF"],
    ["ibihumbi 50", 50_000, null],
    ["elfu 20", 20_000, null],
    ["milioni 2", 2_000_000, null],
    ["3 bedrooms for 80k", 80_000, null],
  ];
  for (const [text, amount, currency] of cases) {
    assert.deepEqual(readMoney(text), { amount, currency }, text);
  }
  for (const text of ["3 bedrooms", "500 kg", "hello", "2026-05-12", "at 10:00", "size 42"]) {
    assert.equal(readMoney(text), undefined, text);
  }
  assert.equal(readAnsweredAmount("80000")?.amount, 80_000);
  assert.equal(readAnsweredAmount("I don't know"), undefined);
});

Deno.test("counts beside what is counted", () => {
  const nouns = ["bedroom", "chambre", "vyumba", "ibyumba", "br"];
  const cases: [string, number][] = [
    ["3 bedrooms", 3],
    ["no, two bedrooms please", 2],
    ["une maison de 4 chambres", 4],
    ["vyumba viwili", 2],
    ["ibyumba bitatu", 3],
    ["2br in Remera", 2],
  ];
  for (const [text, count] of cases) assert.equal(readCountOf(text, nouns), count, text);
  assert.equal(readCountOf("200k in Kigali", nouns), undefined);
  assert.equal(readAnsweredCount("trois"), 3);
});

Deno.test("quantities with their units", () => {
  const cases: [string, number, string][] = [
    ["500 kg", 500, "kg"],
    ["20 sacks of beans", 20, "sack"],
    ["ibiro 500", 500, "kg"],
    ["magunia 20", 20, "sack"],
    ["2 tonnes", 2, "tonne"],
    ["500 kg at 400 frw", 500, "kg"],
  ];
  for (const [text, amount, unit] of cases) {
    assert.deepEqual(readQuantity(text, UNITS), { amount, unit }, text);
  }
  for (const text of ["400 frw", "Kigali", "300"]) {
    assert.equal(readQuantity(text, UNITS), undefined);
  }
});

/** A Friday. */
const here = { now: Date.parse("2026-11-20T08:00:00Z"), time_zone: "Africa/Kigali" };

Deno.test("days in four languages", () => {
  const cases: [string, string][] = [
    ["today", "2026-11-20"],
    ["demain à 10h", "2026-11-21"],
    ["kesho", "2026-11-21"],
    ["ejo hazaza", "2026-11-21"],
    ["apres-demain", "2026-11-22"],
    ["Monday", "2026-11-23"],
    ["vendredi", "2026-11-27"],
    ["Jumapili", "2026-11-22"],
    ["ku wa mbere", "2026-11-23"],
    ["12 May", "2027-05-12"],
    ["le 3 décembre", "2026-12-03"],
    ["May 12 2027", "2027-05-12"],
    ["25/12", "2026-12-25"],
    ["2027-01-05", "2027-01-05"],
    ["in 3 days", "2026-11-23"],
    ["dans 2 jours", "2026-11-22"],
  ];
  for (const [text, date] of cases) assert.equal(readDate(text, here), date, text);
  for (const text of ["soon", "31/02", "Kigali", "3 bedrooms", "40/40"]) {
    assert.equal(readDate(text, here), undefined, text);
  }
});

Deno.test("times of day, with hours that begin at six in Swahili and Kinyarwanda", () => {
  const cases: [string, string][] = [
    ["at 10:00", "10:00"],
    ["3pm", "15:00"],
    ["12 am", "00:00"],
    ["15h30", "15:30"],
    ["à 9h", "09:00"],
    ["saa nne", "10:00"],
    ["saa mbili usiku", "20:00"],
    ["saa ine", "10:00"],
    ["saa tatu na nusu", "09:30"],
  ];
  for (const [text, time] of cases) assert.equal(readTime(text), time, text);
  assert.equal(readTime("tomorrow"), undefined);
  assert.equal(toMoment("2026-11-21", "10:00", "Africa/Kigali"), "2026-11-21T08:00:00.000Z");
  assert.equal(toMoment("2026-03-29", "12:00", "Europe/Paris"), "2026-03-29T10:00:00.000Z");
});

Deno.test("places that are known, and others where they are asked for", () => {
  assert.equal(readKnownPlaces("from Remera to Musanze")[1]?.name, "Musanze");
  assert.equal(readAnsweredPlace("in Kigali please")?.name, "Kigali");
  assert.equal(readAnsweredPlace("Nowhereville")?.latitude, null);
  for (const text of ["?", "what do you mean?", "I will tell you about that later on"]) {
    assert.equal(readAnsweredPlace(text), undefined, text);
  }
});

Deno.test("what a sentence says is sold or wanted", () => {
  const cases: [string, string | undefined][] = [
    ["I want to sell my old fridge for 80k", "fridge"],
    ["looking for a used phone under 100k", "phone"],
    ["je veux vendre mon canapé à 50 000", "canapé"],
    ["ndashaka kugura igare", "igare"],
    ["nataka kuuza simu", "simu"],
    ["I want to sell something", undefined],
    ["hello", undefined],
  ];
  for (const [text, thing] of cases) assert.equal(findThing(text), thing, text);
});

Deno.test("no text is too strange for a parser", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      for (
        const { amount } of [readMoney(text), readAnsweredAmount(text)].filter((each) =>
          each !== undefined
        )
      ) {
        assert.ok(amount >= 0 && amount <= 1e12);
      }
      const date = readDate(text, here);
      assert.ok(date === undefined || !Number.isNaN(Date.parse(date)));
      assert.ok((readTime(text) ?? "00:00").match(/^\d\d:\d\d$/));
      readQuantity(text, UNITS);
      readAnsweredPlace(text);
      findThing(text);
    }),
  );
});
