import assert from "node:assert/strict";
import * as fc from "fast-check";
import { buildDocx } from "../../../../../tests/support/documents/build_zip.ts";
import { buildPdf } from "../../../../../tests/support/documents/build_pdf.ts";
import { AppError } from "../../errors.ts";
import { createTextExtractor } from "./create_text_extractor.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const SEEDS: Record<string, Uint8Array> = {
  "a.txt": encode("Open from 8 to 17.\nFermé le dimanche."),
  "a.json": encode('{"a":[1,{"b":"c\\"d"}],"e":null}'),
  "a.xml": encode('<?xml version="1.0"?><a b="c"><d>e &amp; f</d><![CDATA[g]]><!-- h --></a>'),
  "a.html": encode("<title>T</title><h1>A<ul><li>b<table><tr><td>c</table><pre>d</pre><p>e"),
  "a.docx": buildDocx(
    '<w:p><w:pPr><w:pStyle w:val="H1"/></w:pPr><w:r><w:t>One</w:t></w:r></w:p><w:tbl><w:tr><w:tc>' +
      "<w:p><w:r><w:t>Two</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
    [["H1", "heading 1"]],
  ),
  "a.pdf": buildPdf([[{ text: "One" }], [{ text: "Two", size: 20 }]], { compress: true }),
};

/** Bytes changed, cut off, or put in twice. */
const damage = fc.record({
  changes: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
  keep: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  twice: fc.boolean(),
});

for (const [file_name, seed] of Object.entries(SEEDS)) {
  Deno.test(`whatever happened to ${file_name}, it is read or refused, and nothing else`, async () => {
    const extractor = createTextExtractor();
    await fc.assert(
      fc.asyncProperty(damage, async ({ changes, keep, twice }) => {
        const kept = seed.slice(0, Math.ceil(seed.length * keep));
        for (const [at, byte] of changes) if (kept.length > 0) kept[at % kept.length] = byte;
        const bytes = twice ? Uint8Array.of(...kept, ...kept) : kept;
        try {
          const read = await extractor.extractPages(
            { bytes, file_name, mime_type: null },
            { first_page: 1, max_milliseconds: 1_000, max_bytes: 300_000 },
          );
          assert.ok(read.pages.length > 0);
          assert.ok(read.pages.every((page) => !/\0|\p{Surrogate}/u.test(page)));
        } catch (error) {
          assert.ok(error instanceof AppError, String(error));
          assert.equal(error.code, "unreadable");
        }
      }),
      { numRuns: file_name === "a.pdf" ? 100 : 300 },
    );
  });
}

Deno.test("any bytes under any name are read or refused, and nothing else", async () => {
  const extractor = createTextExtractor();
  const names = fc.constantFrom(...Object.keys(SEEDS), "a.csv", "a", "");
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), names, async (bytes, file_name) => {
      await extractor.extractPages(
        { bytes, file_name, mime_type: "text/plain" },
        { first_page: 1, max_milliseconds: 1_000, max_bytes: 300_000 },
      ).catch((error) => assert.equal(error.code, "unreadable", String(error)));
    }),
    { numRuns: 500 },
  );
});
