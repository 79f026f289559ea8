import assert from "node:assert/strict";
import * as fc from "fast-check";
import { readOptOutWord } from "../opt_out/read_opt_out_word.ts";
import { isResetWord } from "./read_reset_word.ts";

Deno.test("words that stop, in four languages, however they are written", () => {
  const stop = [
    "STOP",
    "stop!",
    " Stop. ",
    "Unsubscribe",
    "opt-out",
    "ARRÊT",
    "arrêter",
    "Se désabonner",
  ];
  const more = ["Me désabonner", "acha", "SITISHA", "Hagarika", "reka"];
  for (const word of [...stop, ...more]) {
    assert.equal(readOptOutWord(word), "opted_out", word);
  }
  for (const word of ["START", "unstop", "Reprendre", "anza", "Tangira"]) {
    assert.equal(readOptOutWord(word), "opted_in", word);
  }
});

Deno.test("words that reset, in four languages", () => {
  for (
    const word of [
      "menu",
      "MENU!",
      "Home",
      "cancel",
      "back",
      "Accueil",
      "Annuler",
      "retour",
      "mwanzo",
      "rudi",
      "Ahabanza",
      "subira inyuma",
    ]
  ) {
    assert.ok(isResetWord(word), word);
    assert.equal(readOptOutWord(word), null, word);
  }
});

Deno.test("in a sentence they are ordinary words", () => {
  for (
    const text of [
      "don't stop",
      "reka tugende",
      "I want to go back to school",
      "start selling",
      "",
      "🛑",
      "menu du jour ?",
    ]
  ) {
    assert.equal(readOptOutWord(text), null, text);
    assert.ok(!isResetWord(text), text);
  }
});

Deno.test("no text at all is too strange to be read", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    readOptOutWord(text);
    isResetWord(text);
  }));
});
