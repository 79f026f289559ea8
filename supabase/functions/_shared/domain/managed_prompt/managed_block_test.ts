import assert from "node:assert/strict";
import * as fc from "fast-check";
import { addManagedBlock, readManagedBlock, removeManagedBlock } from "./managed_block.ts";

const BEGIN = "[[switchboard:managed]]";
const END = "[[/switchboard:managed]]";

/** As a prompt is rendered anew from what Vapi has. */
const replace = (prompt: string, block: string | null) =>
  addManagedBlock(removeManagedBlock(prompt), block);

/** Texts made of what could confuse it, and any others. */
const words = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.array(
    fc.oneof(
      fc.constantFrom(
        BEGIN,
        END,
        "[[",
        "\\",
        "\n",
        "\n\n",
        "switchboard:",
        "[[\\switchboard:",
        "/",
      ),
      fc.string(),
    ),
  ).map((parts) => parts.join("")),
);

Deno.test("removing after adding gives back exactly the founder's words", () => {
  fc.assert(fc.property(words, fc.option(words), (text, block) => {
    assert.equal(removeManagedBlock(addManagedBlock(text, block)), text);
  }));
});

Deno.test("any sequence of updates leaves the last block and the founder's words", () => {
  fc.assert(fc.property(words, fc.array(fc.option(words), { minLength: 1 }), (text, blocks) => {
    const prompt = blocks.reduce(replace, addManagedBlock(text, null));
    assert.equal(prompt, addManagedBlock(text, blocks.at(-1) ?? null));
    assert.equal(readManagedBlock(prompt), blocks.at(-1) ?? null);
  }));
});

Deno.test("a block is added at the end, replaced, taken away", () => {
  const prompt = addManagedBlock("Be kind.", "Use the tool.");
  assert.equal(prompt, `Be kind.\n\n${BEGIN}\nUse the tool.\n${END}`);
  assert.equal(replace(prompt, "Use it."), `Be kind.\n\n${BEGIN}\nUse it.\n${END}`);
  assert.equal(replace(prompt, null), "Be kind.");
});

Deno.test("words without markers are never touched", () => {
  for (const text of ["", " \n", "a [[b]] c", "\\[[", "switchboard: hello"]) {
    assert.equal(addManagedBlock(text, null), text);
  }
});

Deno.test("what was added behind or inside at Vapi stays the founder's", () => {
  const prompt = addManagedBlock("Be kind.", "Use the tool.");
  assert.equal(removeManagedBlock(`${prompt}\nBe brief.`), "Be kind.\nBe brief.");
  assert.equal(removeManagedBlock(`Be kind. ${BEGIN} only half`), `Be kind. ${BEGIN} only half`);
});
