import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Language } from "../session/service_menu.ts";
import { detectLanguage } from "./detect_language.ts";

Deno.test("a language is told by its words", async (test) => {
  const cases: [string, Language | null, boolean][] = [
    ["I need a plumber job in Kigali", "en", true],
    ["combien pour assurer ma moto ?", "fr", true],
    ["nataka kuuza simu yangu", "sw", true],
    ["ndashaka kugurisha ibigori", "rw", true],
    ["Muraho", "rw", true],
    ["bonjour", "fr", true],
    ["habari", "sw", true],
    // Everybody says these.
    ["hello", "en", false],
    ["ok merci", "fr", false],
    ["taxi", null, false],
    ["", null, false],
    ["12345 😂", null, false],
  ];
  for (const [text, language, isClear] of cases) {
    await test.step(text, () => {
      const detected = detectLanguage(text);
      assert.equal(detected.isClear, isClear);
      if (isClear) assert.equal(detected.language, language);
    });
  }
});

Deno.test("no text is too strange, and case and accents don't matter", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 4096 }), (text) => {
    detectLanguage(text);
  }));
  for (const text of ["Où est mon appartement à louer ?", "ndashaka inzu"]) {
    const folded = text.normalize("NFD").replace(/\p{M}/gu, "").toUpperCase();
    assert.deepEqual(detectLanguage(folded), detectLanguage(text));
  }
});
