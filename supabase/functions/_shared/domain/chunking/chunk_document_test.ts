import assert from "node:assert/strict";
import { cpuUsage } from "node:process";
import * as fc from "fast-check";
import { type Chunk, chunkDocument } from "./chunk_document.ts";
import { estimateTokens, weighText } from "./weigh_text.ts";

const words = (count: number, word = "word") => `${word} `.repeat(count).trim();
const own = (text: string, chunks: Chunk[]) => chunks.map(({ from, to }) => text.slice(from, to));

const line = fc.oneof(
  fc.constantFrom(
    "# Title",
    "## Part",
    "### Deeper #",
    "OPENING HOURS",
    "2.1 Deliveries",
    "Under",
    "=====",
    "---",
    "- item",
    "  continued",
    "1. first",
    "| a | b |",
    "|---|---|",
    "a | b",
    "```ts",
    "~~~~",
    "a,b,c",
    '"a\nb",c,d',
    "x\ty",
    "",
    "   ",
    "\f",
  ),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.lorem({ maxCount: 30 }),
  fc.string({ unit: fc.constantFrom("😀", "é", "你", "e\u0301", " ", ".", "\ud83d", "\ude00") }),
);
const document = fc.array(fc.tuple(line, fc.constantFrom("\n", "\n", "\r\n", "\r", " ", "\n\n")), {
  maxLength: 60,
}).map((lines) => lines.flat().join(""));
const sizes = fc.record({
  target_tokens: fc.integer({ min: 8, max: 200 }),
  overlap_tokens: fc.integer({ min: 0, max: 40 }),
});

function isPairCut(text: string, at: number): boolean {
  return /[\ud800-\udbff]/.test(text[at - 1] ?? "") && /[\udc00-\udfff]/.test(text[at] ?? "");
}

Deno.test("the own parts, joined, are the text, and no surrogate pair is cut", () => {
  fc.assert(
    fc.property(document, sizes, (text, options) => {
      const chunks = chunkDocument(text, options);
      assert.equal(own(text, chunks).join(""), text);
      let end = 0;
      for (const [index, chunk] of chunks.entries()) {
        assert.deepEqual([chunk.position, chunk.from], [index, end]);
        assert.ok(chunk.to > chunk.from, "a chunk has a part of its own");
        end = chunk.to;
        assert.ok(!isPairCut(text, chunk.to));
        assert.ok(chunk.content.endsWith(text.slice(chunk.from, chunk.to)));
      }
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("what comes before the own part is a table's head and the end of the chunk before", () => {
  fc.assert(
    fc.property(document, sizes, (text, options) => {
      const chunks = chunkDocument(text, options);
      for (const [index, { content, from, to }] of chunks.entries()) {
        const extra = content.slice(0, content.length - (to - from));
        const previous = text.slice(chunks[index - 1]?.from ?? 0, from);
        let overlap = 0;
        while (overlap < extra.length && extra.at(-1 - overlap) === previous.at(-1 - overlap)) {
          overlap++;
        }
        const head = extra.slice(0, extra.length - overlap);
        assert.ok(head === "" || text.slice(0, from).includes(head), `"${head}" is in the text`);
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("no chunk is larger than it may be", () => {
  fc.assert(
    fc.property(document, sizes, (text, options) => {
      const { target_tokens, overlap_tokens } = options;
      for (const { from, to, content } of chunkDocument(text, options)) {
        assert.ok(weighText(text, from, to) <= target_tokens * 5 + 8);
        assert.ok(estimateTokens(content) <= target_tokens * 1.6 + overlap_tokens + 8);
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("a chunk's characters are limited whatever they are, white space too", () => {
  const runs = fc.array(
    fc.tuple(fc.constantFrom(" ", "\n", "\t", " \n", "\r", "a", "\0"), fc.nat({ max: 9_000 })),
    { maxLength: 8 },
  ).map((parts) => parts.map(([unit, count]) => unit.repeat(count)).join(""));
  fc.assert(
    fc.property(runs, sizes, (text, options) => {
      const most = 4 * (options.target_tokens * 5 + 32);
      for (const { from, to, content } of chunkDocument(text, options)) {
        assert.ok(to - from <= most, `${to - from} characters`);
        assert.ok(content.length <= 1.6 * most + options.overlap_tokens * 16);
      }
    }),
    { numRuns: 200 },
  );
  const gap = chunkDocument(`One.${" ".repeat(290_000)}Two.`);
  assert.ok(Math.max(...gap.map(({ content }) => content.length)) <= 20_000);
});

Deno.test("the same text is cut the same way", () => {
  fc.assert(
    fc.property(document, (text) => assert.deepEqual(chunkDocument(text), chunkDocument(text))),
    { numRuns: 50 },
  );
});

Deno.test("a section begins a chunk and keeps the path of its headings", () => {
  const text =
    `# Clinic\n\nWelcome.\n\n## Prices\n\n${words(60)}\n\n### Children\n\n${words(60)}\n\n` +
    `## Hours\n\n${words(60)}\n`;
  const chunks = chunkDocument(text, { target_tokens: 100, overlap_tokens: 10 });
  assert.deepEqual(chunks.map(({ heading_path }) => heading_path), [
    ["Clinic"],
    ["Clinic", "Prices", "Children"],
    ["Clinic", "Hours"],
  ]);
  assert.deepEqual(own(text, chunks).map((part) => part.split("\n")[0]), [
    "# Clinic",
    "### Children",
    "## Hours",
  ]);
});

Deno.test("a heading is never the last of a chunk", () => {
  const text = `# A\n\n${words(55)}\n\n## B\n\n### C\n\n${words(63)}`;
  const parts = own(text, chunkDocument(text, { target_tokens: 80 }));
  assert.deepEqual(parts.map((part) => part.split("\n")[0]), ["# A", "## B"]);
});

Deno.test("a small document is one chunk, an empty one none, white space one", () => {
  assert.deepEqual(chunkDocument("Open from 8 to 17."), [
    { position: 0, heading_path: [], content: "Open from 8 to 17.", from: 0, to: 18 },
  ]);
  assert.deepEqual(chunkDocument(""), []);
  assert.equal(chunkDocument(" \n ").length, 1);
});

Deno.test("the end of a chunk is repeated from where a sentence begins", () => {
  const text = "The shop opens at nine. It closes at five. ".repeat(60).trim();
  const chunks = chunkDocument(text, { target_tokens: 200, overlap_tokens: 20 });
  assert.ok(chunks.length > 2);
  for (const { content, from, to } of chunks.slice(1)) {
    const overlap = content.slice(0, content.length - (to - from));
    assert.match(overlap, /^(?:The shop|It closes).*\. $/);
  }
});

const WHOLE: [kind: string, block: string][] = [
  ["a list", Array.from({ length: 20 }, (_, n) => `- item ${n} of the list`).join("\n")],
  ["a list with empty lines", Array.from({ length: 20 }, (_, n) => `${n}. item\n`).join("\n")],
  ["a table", `| a | b |\n|---|---|\n${"| one | two |\n".repeat(20)}`],
  ["code", `\`\`\`sh\n${"echo hello\n\n".repeat(20)}\`\`\``],
  ["a paragraph", `${words(30)}\n`.repeat(3)],
];
for (const [kind, block] of WHOLE) {
  Deno.test(`${kind} that fits is kept whole`, () => {
    const text = `# T\n\n${words(120)}\n\n${block}\n\n${words(120)}`;
    const parts = own(text, chunkDocument(text, { target_tokens: 200 }));
    assert.ok(parts.length > 1, "there is more than one chunk");
    assert.equal(parts.filter((part) => part.includes(block.trim())).length, 1);
  });
}

Deno.test("a table that doesn't fit is cut between rows, with its head in each chunk", () => {
  const head = "| name | price |\n|---|---|\n";
  const rows = Array.from({ length: 200 }, (_, n) => `| thing ${n} | ${n} francs |\n`);
  const text = `Prices\n\n${head}${rows.join("")}`;
  const chunks = chunkDocument(text, { target_tokens: 300 });
  assert.ok(chunks.length > 3);
  for (const [index, { content, from, to }] of chunks.entries()) {
    assert.ok(content.includes(head));
    if (index > 0) assert.match(text.slice(from, to), /^\| thing \d+ \|/);
  }
});

const TABLES: [kind: string, head: string, row: (n: number) => string][] = [
  ["CSV", "name,price,note\n", (n) => `thing ${n},${n},"a, b\nand ""c"""\n`],
  ["CSV with semicolons", "nom;prix\r\n", (n) => `chose ${n};${n},50\r\n`],
  ["TSV", "name\tprice\n", (n) => `thing ${n}\t${n}\n`],
];
for (const [kind, head, row] of TABLES) {
  Deno.test(`${kind} is cut between records, with its head in each chunk`, () => {
    const text = head + Array.from({ length: 300 }, (_, n) => row(n)).join("");
    const chunks = chunkDocument(text, { target_tokens: 300 });
    assert.ok(chunks.length > 3);
    for (const { content, from, to } of chunks) {
      assert.ok(content.startsWith(head));
      assert.match(text.slice(from, to), /^(?:name|nom|thing|chose)/);
    }
  });
}

Deno.test("headings of plain text are known, sentences and list items are not", () => {
  const cases: [text: string, path: string[]][] = [
    ["OPENING HOURS\nmonday", ["OPENING HOURS"]],
    ["HORAIRES D’ÉTÉ\n\nlundi", ["HORAIRES D’ÉTÉ"]],
    ["2.1 Deliveries\nby bus", ["2.1 Deliveries"]],
    ["Chapitre 3 : les prix\ntexte", ["Chapitre 3 : les prix"]],
    ["Prices\n======\ntext", ["Prices"]],
    ["# Prices ##\ntext", ["Prices"]],
    ["WE ARE CLOSED.\ntext", []],
    ["1. Bring your card\ntext", []],
    ["#hashtag\ntext", []],
    ["你好\ntext", []],
    ["2026\ntext", []],
    ["```\n# not a heading\n```\ntext", []],
    [`# ${words(100)}\ntext`, []],
  ];
  for (const [text, path] of cases) {
    assert.deepEqual(chunkDocument(text)[0]?.heading_path, path, text);
  }
});

const HOSTILE: [shape: string, unit: string][] = [
  ["one line", "a"],
  ["headings", "# h\n"],
  ["underlined headings", "a\n---\n"],
  ["marks", "#"],
  ["spaces", " "],
  ["empty lines", "\n"],
  ["bars", "|"],
  ["rows", "|a|\n"],
  ["fences", "```\n"],
  ["fences that don't close", "```\n~~~~\n"],
  ["items", "- a\n"],
  ["items far apart", "- a\n\n\n\n"],
  ["quotes", '"'],
  ["records with a quote left open", 'a,b\n1,2\n3,4\n"'],
  ["emoji", "😀"],
  ["ends of sentences", ". "],
];
for (const [shape, unit] of HOSTILE) {
  Deno.test(`time grows with the text and no faster: ${shape}`, () => {
    // What it costs is at most the time that passes, which other processes lengthen, and at most the processor's
    // time of this process, to which its other threads add.
    const measure = (length: number) => {
      const text = unit.repeat(Math.ceil(length / unit.length));
      const [began, startedAt] = [cpuUsage(), performance.now()];
      const chunks = chunkDocument(text);
      const passed = performance.now() - startedAt;
      const { user, system } = cpuUsage(began);
      assert.equal(own(text, chunks).join(""), text);
      return Math.min((user + system) / 1_000, passed);
    };
    measure(50_000);
    const least = (length: number) => Math.min(...Array.from({ length: 5 }, () => measure(length)));
    const growth = least(800_000) / Math.max(least(50_000), 1);
    // Sixteen times the text takes 256 times as long where the time is quadratic.
    assert.ok(growth < 128, `sixteen times the text took ${growth} times as long`);
  });
}
