import assert from "node:assert/strict";
import * as fc from "fast-check";
import { AGENTS } from "../agents/registry.ts";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import { classifyText } from "./classify_text.ts";
import { compileLexicon } from "./compile_lexicon.ts";

Deno.test("a service is known by its words, in four languages", async (test) => {
  const cases: [string, FlaggedAgent | null][] = [
    ["I need a plumber job in Kigali", "jobs"],
    ["ndashaka kugurisha ibigori", "farmer"],
    ["combien pour assurer ma moto ?", "insurance"],
    ["natafuta nyumba ya kupanga", "property"],
    ["book a table for four", "waiter"],
    ["ndashaka lifuti ijya Rubavu", "rides"],
    ["je vends mon vieux frigo", "marketplace"],
    ["call me back about your products", "sales"],
    ["gahunda", "sales"],
    ["ndashaka gufata gahunda", "sales"],
    ["looking for a business to buy", "business_broker"],
    ["nataka kuongea na mtu", "support"],
    // The longest phrase counts: what is inside it doesn't.
    ["good job", null],
    ["kazi nzuri", null],
    ["bon travail", null],
    ["nipigie simu", "sales"],
    ["fried chicken", "waiter"],
    // French "mais" is no maize, whatever the accents.
    ["mais pourquoi", null],
    ["500 kg de mais", "farmer"],
    ["", null],
    ["12345", null],
  ];
  for (const [text, agent] of cases) {
    await test.step(text, () => assert.equal(classifyText(text).agent, agent));
  }
});

Deno.test("prefixes, plurals, stretched and misspelt words are understood", async (test) => {
  const cases: [string, FlaggedAgent][] = [
    ["kuuza biashara", "business_broker"],
    ["tunauza biashara", "business_broker"],
    ["turagurisha inka", "farmer"],
    ["appartements", "property"],
    ["apartement", "property"],
    ["insurence", "insurance"],
    ["resturant", "waiter"],
    ["pizzaaaa", "waiter"],
    ["MAÏZE", "farmer"],
    ["d'assurance", "insurance"],
    ["n'ubwishingizi", "insurance"],
  ];
  for (const [text, agent] of cases) {
    await test.step(text, () => assert.equal(classifyText(text).agent, agent));
  }
});

Deno.test("no part of a code is a word: it is nobody's greeting and no taxi", () => {
  const digits = fc.stringMatching(/^[0-9]{1,4}$/);
  const pieces = fc.array(
    fc.tuple(fc.constantFrom("cc", "cab", "cafe", "bed", "beef", "a", "fe"), digits),
    { minLength: 2, maxLength: 6 },
  );
  const code = fc.oneof(
    pieces.map((each) => each.flat().join("")),
    fc.stringMatching(/^[a-f][0-9a-f]{31}$/).filter((hex) => /[0-9][a-f]+[0-9]/.test(hex)),
  );
  fc.assert(fc.property(code, (written) => {
    const { agent, talk } = classifyText(`zorb${written} what do you think`);
    assert.deepEqual({ agent, talk }, { agent: null, talk: null });
  }));
  assert.equal(classifyText("500kg").agent, classifyText("500 kg").agent);
  assert.equal(classifyText("taxi2024").agent, "rides");
});

Deno.test("two services in one text are a doubt, more words for one take it away", () => {
  const doubtful = classifyText("insurance or a taxi");
  assert.ok(doubtful.confidence < 0.6 && doubtful.margin < 0.2, JSON.stringify(doubtful));
  const clear = classifyText("insurance quote for my car, renew policy, taxi");
  assert.equal(clear.agent, "insurance");
  assert.ok(clear.margin > doubtful.margin && clear.confidence > doubtful.confidence);
});

Deno.test("a telling word without a wish, among words that say nothing of it, is a doubt", () => {
  assert.ok(classifyText("can pigs fly").confidence < 0.5);
  assert.ok(classifyText("looking for pigs").confidence >= 0.5);
});

Deno.test("two places of a kind are a way, a quarter and its town an address", () => {
  assert.equal(classifyText("Kimironko - Remera").agent, "rides");
  assert.equal(classifyText("Kigali, Kimironko").agent, null);
  assert.equal(classifyText("Remera, Remera!").agent, null);
});

Deno.test("small talk is told from nothing", () => {
  assert.equal(classifyText("Mwaramutse!").talk, "greeting");
  assert.equal(classifyText("hello, thanks a lot").talk, "thanks");
  assert.equal(classifyText("kwaheri").talk, "farewell");
  assert.equal(classifyText("xyz").talk, null);
});

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 4096 }),
  fc.string({ unit: "grapheme", maxLength: 4096 }),
  fc.array(
    fc.constantFrom("maize", "🌽", "مرحبا", "שלום", "job", "good", "a", "sell", "\n", "½", "ﬁ"),
    { maxLength: 600 },
  ).map((words) => words.join(" ").slice(0, 4096)),
);

Deno.test("no text is too strange: the answer is in its bounds, and the same every time", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const answer = classifyText(text);
      assert.ok(answer.confidence >= 0 && answer.confidence <= 1, text);
      assert.ok(answer.margin >= 0 && answer.margin <= answer.confidence, text);
      assert.equal(answer.agent === null, answer.confidence === 0);
      assert.deepEqual(classifyText(text), answer);
    }),
    { numRuns: 200 },
  );
});

Deno.test("the order of agents makes no difference", () => {
  const reversed = compileLexicon(
    Object.fromEntries(Object.entries(AGENTS).reverse()) as typeof AGENTS,
  );
  const words = fc.constantFrom(
    ..."sell,buy,house,job,car,moto,insurance,taxi,rent,maize,pizza,shop,your,products,help,good,kazi,inzu"
      .split(","),
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 12 }), (chosen) => {
      const text = chosen.join(" ");
      assert.deepEqual(classifyText(text, reversed), classifyText(text));
    }),
  );
});
