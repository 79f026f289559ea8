import { deepEqual, equal, throws } from "node:assert/strict";
import { AppError } from "../errors.ts";
import { describeForEmbedding, MAX_TEXT_BYTES, prepareText } from "./prepare_text.ts";

Deno.test("a text becomes chunks whose hashes tell what they say", () => {
  const first = prepareText("# Hours\n\nWe open at nine.\n", "a");
  const second = prepareText("# Prices\n\nTen francs.\n\n# Hours\n\nWe open at nine.\n", "b");
  equal(first.chunks.length, 1);
  equal(first.content_hash === second.content_hash, false);
  equal(first.content_hash, prepareText("# Hours\n\nWe open at nine.\n", "c").content_hash);
  const { content, chunks } = second;
  equal(chunks.map(({ from, to }) => content.slice(from, to)).join(""), content);
});

Deno.test("what the database can't hold is left out", () => {
  equal(prepareText("a\0b\ud800c", "x").content, "ab\ufffdc");
});

Deno.test("nothing and too much are refused", () => {
  const isUnreadable = (error: unknown) => error instanceof AppError && error.code === "unreadable";
  for (const text of ["", " \n\t", "\0", "x".repeat(MAX_TEXT_BYTES + 1)]) {
    throws(() => prepareText(text, "x"), isUnreadable);
  }
  equal(prepareText("x".repeat(MAX_TEXT_BYTES), "x").content.length, MAX_TEXT_BYTES);
});

Deno.test("what is embedded says where it stands", () => {
  deepEqual(
    describeForEmbedding({ heading_path: ["Hours", "Sunday"], content: "Closed." }),
    "Hours > Sunday\n\nClosed.",
  );
});
