import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findFunctionDeno } from "../../../../../scripts/local/find_binary.ts";
import {
  assemblePdf,
  buildNestedPdf,
  buildPdf,
} from "../../../../../tests/support/documents/build_pdf.ts";
import { buildDocx, buildZip } from "../../../../../tests/support/documents/build_zip.ts";

/** The platform's: 2 s of the processor's time a request, 256 MB a process. */
const PROCESSOR_MILLISECONDS = 2_000;
const PROCESS_MEGABYTES = 256;

const ROOT = fileURLToPath(new URL("../../../../../", import.meta.url));
const RUNNER = join(ROOT, "tests", "support", "documents", "extract_in_process.ts");
const MEGABYTE = 1024 * 1024;

type Report = {
  characters?: number;
  next_page?: number | null;
  code?: string;
  message?: string;
  processor_milliseconds: number;
  peak_megabytes: number;
};

/** Reads a document in a process of the Deno that production is compatible with. */
async function extractInProcess(bytes: Uint8Array, name: string, first_page = 1): Promise<Report> {
  const { path: deno } = await findFunctionDeno();
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeFile(file, bytes);
    const { code, stdout, stderr } = await new Deno.Command(deno, {
      args: [
        ["run", "--quiet", "--no-prompt", "--no-check", "--config", join(ROOT, "deno.json")],
        ["--no-lock", "--allow-all", "--v8-flags=--max-old-space-size=200"],
        [RUNNER, file, name, String(first_page)],
      ].flat(),
      env: { DENO_TLS_CA_STORE: "system" },
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(file);
  }
}

const word = (index: number) => `word${index % 977}`;
const words = (count: number) => Array.from({ length: count }, (_, index) => word(index)).join(" ");
const run = (text: string) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;
const pageOfText = Array.from({ length: 45 }, (_, index) => ({ text: words(12 + index % 3) }));

/** Made when their test runs: together they are larger than one of them should be. */
const READ: [kind: string, name: string, make: () => Uint8Array][] = [
  [
    "a PDF of 80 pages",
    "a.pdf",
    () => buildPdf(new Array(80).fill(pageOfText), { compress: true }),
  ],
  [
    "a PDF of 700 pages",
    "a.pdf",
    () => buildPdf(new Array(700).fill([{ text: "A line." }]), { compress: true }),
  ],
  [
    "a PDF with a page of a million drawn letters",
    "a.pdf",
    () => {
      const drawn = `BT /F1 1 Tf ${"(a)Tj ".repeat(1_300_000)}ET`;
      return assemblePdf([drawn, "BT /F1 12 Tf (x) Tj ET"], { compress: true });
    },
  ],
  [
    "a PDF with a list of 4 million numbers",
    "a.pdf",
    () => assemblePdf([`BT /F1 9 Tf (x) Tj [${"1 ".repeat(4_000_000)}]TJ ET`], { compress: true }),
  ],
  ["a PDF with a thousand forms in forms", "a.pdf", () => buildNestedPdf(3)],
  ["a PDF of 15 MB", "a.pdf", () => {
    const noise = new Uint8Array(15 * MEGABYTE);
    for (let at = 0; at < noise.length; at++) noise[at] = (at * 2_654_435_761) >>> 13;
    return assemblePdf(["BT /F1 12 Tf 50 700 Td (Hello) Tj ET", noise]);
  }],
  ["a Word document of 290,000 letters", "a.docx", () => buildDocx(run(words(12)).repeat(3_400))],
  [
    "a Word document with a run for each letter",
    "a.docx",
    () => buildDocx(`<w:p>${"<w:r><w:rPr><w:b/></w:rPr><w:t>a</w:t></w:r>".repeat(200_000)}</w:p>`),
  ],
  [
    "a page of 2.9 MB",
    "a.html",
    () => new TextEncoder().encode('<p class="x"><i></i><a href="#">a</a></p>\n'.repeat(68_000)),
  ],
  ["XML of 2.9 MB", "a.xml", () => {
    const row = '<row><name lang="en">a</name><note></note><more></more><rest></rest></row>\n';
    return new TextEncoder().encode(
      `<rows>${row.repeat(11_000)}${"<x></x>".repeat(300_000)}</rows>`,
    );
  }],
  ["JSON of 300,000 bytes", "a.json", () => new TextEncoder().encode(`[${"1,".repeat(149_000)}1]`)],
];
const REFUSED: [kind: string, name: string, make: () => Uint8Array, reason: RegExp][] = [
  [
    "a Word document that unpacks to a gigabyte",
    "a.docx",
    () => buildDocx(run("a".repeat(500 * MEGABYTE))),
    /unpacks to more than 12 MB/,
  ],
  [
    "a Word document whose styles are a bomb",
    "a.docx",
    () =>
      buildZip([
        { name: "word/document.xml", content: `<w:document>${run("x")}</w:document>` },
        { name: "word/styles.xml", content: new Uint8Array(300 * MEGABYTE) },
      ]),
    /unpacks to more than 2 MB/,
  ],
  [
    "a PDF whose page unpacks to 300 MB",
    "a.pdf",
    () => assemblePdf([new Uint8Array(300 * MEGABYTE).fill(32)], { compress: true }),
    /unpack to more than 8 MB/,
  ],
  [
    "a PDF of many pages that unpack to 7 MB",
    "a.pdf",
    () => {
      const page = new Uint8Array(7 * MEGABYTE).fill(32);
      return assemblePdf(new Array(30).fill(page), { compress: true });
    },
    /unpack to more than 96 MB/,
  ],
  [
    "a PDF packed twice",
    "a.pdf",
    () => {
      const inner = new Uint8Array(deflateSync(new Uint8Array(300 * MEGABYTE).fill(32)));
      const filter = "/Filter[/FlateDecode/FlateDecode]";
      return assemblePdf([inner], { compress: true, filter });
    },
    /packed more than once/,
  ],
  [
    "a PDF whose forms draw forms, ten million in all",
    "a.pdf",
    () => buildNestedPdf(7),
    /draws too much/,
  ],
  [
    "a PDF with a page of 340,000 letters, each apart",
    "a.pdf",
    () => {
      const apart = "1 0 0 1 9 9 Tm(a)Tj 1 0 0 1 9 400 Tm(a)Tj ";
      return assemblePdf([`BT /F1 9 Tf ${apart.repeat(170_000)}ET`], { compress: true });
    },
    /draws too much/,
  ],
  ["a file of 50 MB", "a.pdf", () => {
    const bytes = new Uint8Array(50 * MEGABYTE);
    bytes.set(new TextEncoder().encode("%PDF-1.7"));
    return bytes;
  }, /larger than 20 MB/],
  ["a text of 50 MB", "a.txt", () => new Uint8Array(50 * MEGABYTE).fill(97), /300,000 bytes/],
  [
    "laughing XML",
    "a.xml",
    () => {
      const level = (n: number) => `<!ENTITY e${n} "${`&e${n - 1};`.repeat(10)}">`;
      const levels = Array.from({ length: 9 }, (_, n) => level(n + 1)).join("");
      return new TextEncoder().encode(
        `<!DOCTYPE x [<!ENTITY e0 "ha">${levels}]><x>&e9;</x>`,
      );
    },
    /defines entities/,
  ],
];

/** Names of filters as they may be written, what is put between, and how long the way to them is. */
const bomb = () => new Uint8Array(deflateSync(new Uint8Array(200 * MEGABYTE).fill(32)));
const hex = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const HIDDEN: [how: string, filter: string, line: string, content?: () => Uint8Array][] = [
  ["far from its filter", `/Filter/FlateDecode/X(${"x".repeat(2_000)})`, "\n"],
  ["by a reference", "/Filter 6 0 R", "\n"],
  ["by a short reference", "/F%\n6 0 R", "\n"],
  ["by a reference in a list", "/Filter[6 0 R]", "\n"],
  ["with an escaped name", "/Filter/F#6cateDecode", "\n"],
  ["with an escaped key", "/F#69lter/FlateDecode", "\n"],
  ["after a lone carriage return", "/Filter/FlateDecode", "\r"],
  ["after more of the line", "/Filter/FlateDecode", " %\n"],
  ["as what calls itself a picture", "/Subtype/Image/Filter/FlateDecode", "\n"],
  ["written in digits", "/Filter[/AHx/Fl]", "\n", () => new TextEncoder().encode(hex(bomb()))],
];
for (const [how, filter, line, content = bomb] of HIDDEN) {
  Deno.test(`within the platform's limits it refuses a PDF that is packed ${how}`, async () => {
    const pdf = assemblePdf([content()], { filter, line, extra: "/FlateDecode" });
    const report = await extractInProcess(pdf, "a.pdf");
    assert.equal(report.code, "unreadable", JSON.stringify(report));
    assert.match(report.message ?? "", /unpack to more than|hides how/);
    checkLimits(report);
  });
}

Deno.test("what is drawn is read beside attachments and in text that stands for bytes", async () => {
  const drawn = new TextEncoder().encode("BT /F1 12 Tf 50 700 Td (Hello) Tj ET");
  const packed = new Uint8Array(deflateSync(drawn));
  const filters: [filter: string, content: Uint8Array][] = [
    ["/Filter [ /ASCIIHexDecode /FlateDecode ]", new TextEncoder().encode(`${hex(packed)}>`)],
    ["/Filter /FlateDecode", packed],
  ];
  for (const [filter, content] of filters) {
    const attached = "<</EF<</F 3 0 R>>/UF(a.xml)>>";
    const report = await extractInProcess(
      assemblePdf([content], {
        filter,
        extra: attached,
      }),
      "a.pdf",
    );
    assert.equal(report.characters, 5, JSON.stringify(report));
  }
});

for (const [kind, name, make] of READ) {
  Deno.test(`within the platform's limits it reads ${kind}`, async (test) => {
    const bytes = make();
    let first: number | null = 1;
    let characters = 0;
    while (first !== null) {
      const report: Report = await extractInProcess(bytes, name, first);
      checkLimits(report);
      assert.equal(report.code, undefined, report.message);
      assert.ok(report.next_page === null || report.next_page! > first, "it goes on");
      characters += report.characters ?? 0;
      first = report.next_page ?? null;
    }
    assert.ok(characters > 0, test.name);
  });
}

for (const [kind, name, make, reason] of REFUSED) {
  Deno.test(`within the platform's limits it refuses ${kind}`, async () => {
    const report = await extractInProcess(make(), name);
    assert.equal(report.code, "unreadable", JSON.stringify(report));
    assert.match(report.message ?? "", reason);
    checkLimits(report);
  });
}

function checkLimits({ processor_milliseconds, peak_megabytes }: Report): void {
  if (Deno.env.get("SHOW_FIGURES")) {
    // deno-lint-ignore no-console
    console.log(`${processor_milliseconds} ms, ${peak_megabytes.toFixed(0)} MB`);
  }
  assert.ok(processor_milliseconds < PROCESSOR_MILLISECONDS, `${processor_milliseconds} ms`);
  assert.ok(peak_megabytes < PROCESS_MEGABYTES, `${peak_megabytes} MB`);
}
