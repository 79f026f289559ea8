import assert from "node:assert/strict";
import { buildDocx } from "../../../../../tests/support/documents/build_zip.ts";
import { buildPdf } from "../../../../../tests/support/documents/build_pdf.ts";
import type { AppError } from "../../errors.ts";
import { createTextExtractor } from "./create_text_extractor.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const paragraph = (text: string, style = "") =>
  `<w:p>${
    style && `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`
  }<w:r><w:t>${text}</w:t></w:r></w:p>`;
const item = (text: string, level: number) =>
  `<w:p><w:pPr><w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="1"/></w:numPr></w:pPr>` +
  `<w:r><w:t>${text}</w:t></w:r></w:p>`;

async function extract(
  content: string | Uint8Array,
  file_name: string,
  options: {
    mime_type?: string;
    first_page?: number;
    max_milliseconds?: number;
    max_bytes?: number;
  } = {},
) {
  const { mime_type = null, first_page = 1, max_milliseconds = 60_000, max_bytes = 300_000 } =
    options;
  const bytes = typeof content === "string" ? encode(content) : content;
  return await createTextExtractor().extractPages({ bytes, file_name, mime_type }, {
    first_page,
    max_milliseconds,
    max_bytes,
  });
}

const PAGE = `<!doctype html><title>Demo &amp; Sons</title><style>p {}</style><script>x()</script>
<body><nav>Home</nav><h2>Prices</h2><p>Fresh
  <b>bread</b><br>daily</p><ul><li>one<ul><li>inner</li></ul><li><p>two</p></ul>
<table><tr><th>Name<th>Price</tr><tr><td>Bread | roll<td>1&nbsp;€</tr></table><pre>a\n  b</pre>`;
const HTML_TEXT = [
  ["# Demo & Sons", "## Prices", "Fresh bread\ndaily", "- one\n  - inner\n- two"],
  ["| Name | Price |\n|---|---|\n| Bread \\| roll | 1 € |", "```\na\n  b\n```"],
].flat().join("\n\n");

const READ: [kind: string, content: string | Uint8Array, name: string, text: string][] = [
  ["plain text", "Open at 8.\n", "a.txt", "Open at 8.\n"],
  ["text with a byte order mark", "\ufeffÉté", "a.md", "Été"],
  ["text in UTF-16", Uint8Array.of(0xff, 0xfe, 0xc9, 0, 0x74, 0), "a.txt", "Ét"],
  ["text in UTF-16, big end first", Uint8Array.of(0xfe, 0xff, 0, 0xc9), "a.csv", "É"],
  ["YAML as it is", "a: &x [1]\nb: *x\n", "a.yaml", "a: &x [1]\nb: *x\n"],
  ["JSON on lines as it is", '{\n  "a": 1}', "a.json", '{\n  "a": 1}'],
  ["JSON on one line, spread", '{"a":[1]}', "a.json", '{\n "a": [\n  1\n ]\n}'],
  [
    "XML as its data",
    '<?xml version="1.0"?><shop xmlns="urn:x"><item id="7">Bread &amp; rolls</item></shop>',
    "a.xml",
    "item.id: 7\nitem: Bread & rolls",
  ],
  ["HTML as Markdown", PAGE, "a.html", HTML_TEXT],
  [
    "HTML in the encoding that it names",
    Uint8Array.from('<meta charset="iso-8859-1"><p>\xe9t\xe9', (c) => c.charCodeAt(0)),
    "a.htm",
    "été",
  ],
  [
    "Word as Markdown, headings by the names of their styles",
    buildDocx(
      paragraph("Prix", "Titre1") + paragraph("Du <x/> jour") + item("un", 0) + item("deux", 1) +
        "<w:tbl>" +
        [["Nom", "Prix"], ["Pain", "1"]].map((row) =>
          `<w:tr>${row.map((cell) => `<w:tc>${paragraph(cell)}</w:tc>`).join("")}</w:tr>`
        ).join("") + "</w:tbl><w:p><w:del><w:r><w:t>gone</w:t></w:r></w:del></w:p>",
      [["Titre1", "heading 1"]],
    ),
    "a.docx",
    "# Prix\n\nDu\n\n- un\n  - deux\n\n| Nom | Prix |\n|---|---|\n| Pain | 1 |",
  ],
  [
    "PDF with larger lines as headings and gaps as paragraphs",
    buildPdf([[
      { text: "Our clinic", size: 22 },
      { text: "We are open every day (from 8)." },
      { text: "Children come first." },
      { text: "Prices", size: 14, gap: 10 },
      { text: "A visit is 5,000 francs." },
    ]], { compress: true }),
    "a.pdf",
    "# Our clinic\n\nWe are open every day (from 8).\nChildren come first.\n\n## Prices\n\n" +
    "A visit is 5,000 francs.",
  ],
];
for (const [kind, content, name, text] of READ) {
  Deno.test(`it reads ${kind}`, async () => {
    const { pages, page_count, next_page } = await extract(content, name);
    assert.deepEqual({ pages, page_count, next_page }, {
      pages: [text],
      page_count: 1,
      next_page: null,
    });
  });
}

Deno.test("the mime type decides where the name has no ending", async () => {
  const page = await extract("<p>Hello", "page", { mime_type: "text/html; charset=utf-8" });
  assert.deepEqual(page.pages, ["Hello"]);
});

Deno.test("a PDF is read page by page, going on where the time was over", async () => {
  const pdf = buildPdf(Array.from({ length: 5 }, (_, page) => [{ text: `Page ${page + 1}` }]));
  const whole = await extract(pdf, "a.pdf");
  assert.deepEqual(whole.pages, ["Page 1", "Page 2", "Page 3", "Page 4", "Page 5"]);
  const pages: string[] = [];
  for (let next: number | null = 1; next !== null;) {
    const part = await extract(pdf, "a.pdf", { first_page: next, max_milliseconds: 0 });
    assert.equal(part.pages.length, 1, "at least one page, and no more when there is no time");
    assert.deepEqual([part.first_page, part.page_count], [next, 5]);
    pages.push(...part.pages);
    next = part.next_page;
  }
  assert.deepEqual(pages, whole.pages);
  await assert.rejects(extract(pdf, "a.pdf", { first_page: 6 }), /it has no page 6/);
});

const REFUSED: [kind: string, content: string | Uint8Array, name: string, reason: RegExp][] = [
  ["an empty file", "", "a.txt", /it is empty/],
  ["white space", " \n ", "a.txt", /it is empty/],
  ["an unknown type", "MZ", "a.exe", /none of \.txt/],
  ["a binary named .txt", Uint8Array.of(1, 0, 2, 0, 65, 66), "a.txt", /binary file/],
  ["control characters", "\x01\x02\x03abc", "a.txt", /binary file/],
  ["a picture named .md", Uint8Array.of(0x89, 0x50, 0x4e, 0x47), "a.md", /PNG picture, not text/],
  ["a PDF named .txt", buildPdf([[{ text: "x" }]]), "a.txt", /content is a PDF, not text/],
  ["an archive named .csv", buildDocx(""), "a.csv", /ZIP archive, not text/],
  ["invalid UTF-8", Uint8Array.of(0x61, 0xc3, 0x28), "a.txt", /not valid UTF-8/],
  ["half of UTF-16's pair", Uint8Array.of(0xff, 0xfe, 0x3d, 0xd8), "a.txt", /not valid UTF-16/],
  ["an unknown encoding", '<meta charset="klingon"><p>x', "a.html", /"klingon" is not known/],
  ["broken JSON", '{"a":', "a.json", /not valid JSON/],
  ["deep JSON", "[".repeat(100_000), "a.json", /nested deeper/],
  ["an entity bomb", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "a.xml", /defines entities/],
  ["XML without elements", "hello", "a.xml", /no XML/],
  ["deep XML", "<a>".repeat(1_000), "a.xml", /nested too deep/],
  ["deep HTML", "<b>".repeat(100_000), "a.html", /nested too deep/],
  ["a page without text", "<script>x</script>", "a.html", /holds no text/],
  ["text named .pdf", "hello", "a.pdf", /no PDF/],
  ["a picture named .pdf", Uint8Array.of(0xff, 0xd8, 0xff, 0), "a.pdf", /JPEG picture, not a PDF/],
  ["a PDF cut off", "%PDF-1.7\n1 0 obj", "a.pdf", /broken PDF/],
  [
    "an encrypted PDF",
    buildPdf([[{ text: "x" }]], { trailer: "/Encrypt 9 0 R" }),
    "a.pdf",
    /it is encrypted/,
  ],
  ["a PDF without text", buildPdf([[], []]), "a.pdf", /holds no text/],
  ["text named .docx", "hello", "a.docx", /no Word document/],
  ["an old Word document", Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0), "a.docx", /old Office/],
  ["a Word document cut off", buildDocx("").slice(0, 80), "a.docx", /archive is broken/],
  ["too much text", "é".repeat(200_000), "a.txt", /more than 300,000 bytes of text/],
  ["far too much text", new Uint8Array(2_000_000).fill(97), "a.txt", /more than 300,000 bytes/],
  ["a page of too much text", `<p>${"a".repeat(300_001)}`, "a.html", /more than 300,000 bytes/],
  [
    "a PDF of too much text",
    buildPdf(
      Array.from({ length: 6 }, () => new Array(60).fill({ text: "a".repeat(900), size: 1 })),
    ),
    "a.pdf",
    /more than 300,000 bytes/,
  ],
];
for (const [kind, content, name, reason] of REFUSED) {
  Deno.test(`it refuses ${kind}`, async () => {
    await assert.rejects(extract(content, name), (error: AppError) => {
      assert.equal(error.code, "unreadable");
      assert.equal(error.status, 422);
      assert.ok(error.message.startsWith(`Cannot read "${name}": `), error.message);
      assert.match(error.message, reason);
      return true;
    });
  });
}
