/**
 * How long a search takes, side by side with the least a call can take, at 200,000 chunks. Of the
 * chunks, one organization has a tenth; the others share the rest. Full text, on PostgreSQL.
 *
 *   deno run -A bench/kb/search.ts [--chunks 200000] [--organizations 1000] [--rounds 300]
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Database, openDatabase } from "../../scripts/local/open_database.ts";
import { printLine } from "../../scripts/local/print_line.ts";
import { REPOSITORY } from "../../scripts/local/repository.ts";
import { withDatabase } from "../../scripts/local/with_database.ts";

const { values } = parseArgs({
  options: {
    chunks: { type: "string", default: "200000" },
    organizations: { type: "string", default: "1000" },
    rounds: { type: "string", default: "300" },
  },
});
const chunks = Number(values.chunks);
const organizations = Number(values.organizations);
const rounds = Number(values.rounds);
const large = Math.floor(chunks / 10);
const small = Math.floor((chunks - large) / (organizations - 1));

/** Eighty words a chunk from twenty thousand, the first of them as common as words are. */
const FILL = `
  insert into public.organizations (id, name)
  select ('d0000000-0000-4000-8000-' || lpad(number::text, 12, '0'))::uuid, 'Organization ' || number
  from generate_series(1, ${organizations}) as number;
  insert into public.knowledge_base (id, org_id, title, source, version, last_version, content,
    content_hash, chunk_count, state, indexed_at, created_by)
  select ('d1000000-0000-4000-8000-' || lpad(number::text, 12, '0'))::uuid, org.id, 'Manual', 'text', 1, 1, 'x',
    'h', case number when 1 then ${large} else ${small} end, 'indexed', now(), 'bench'
  from generate_series(1, ${organizations}) as number
  cross join lateral (select ('d0000000-0000-4000-8000-' || lpad(number::text, 12, '0'))::uuid) as org (id);
  insert into public.knowledge_base_chunks (org_id, document_id, version, position, content,
    from_offset, to_offset, content_hash, fts)
  select document.org_id, document.id, 1, position, text.content, 0, 0, 'h',
    private.chunk_fts(document.org_id, 'en', 'Manual', '{}', text.content)
  from public.knowledge_base as document
  cross join lateral generate_series(1, document.chunk_count) as position
  cross join lateral (
    select string_agg('word' || floor(exp(random() * ln(20000)))::integer, ' ') as content
    from generate_series(1, 80 + 0 * position)
  ) as text;
`;

const question = () =>
  Array.from(
    { length: 6 },
    () => `word${Math.floor(Math.exp(Math.random() * Math.log(20_000)))}`,
  )
    .join(" ");
const organization = (number: number) =>
  `d0000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

async function time(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const search = (database: Database, org: number) =>
  time(() =>
    database.query("select public.search_knowledge($1::text::jsonb)", [
      JSON.stringify({
        org_id: organization(org),
        query: question(),
        limit: 5,
      }),
    ])
  );

function percentile(sorted: number[], share: number): number {
  return sorted[
    Math.min(sorted.length - 1, Math.floor(sorted.length * share))
  ] ?? 0;
}

await withDatabase(join(REPOSITORY, ".local"), async (url) => {
  const database = openDatabase(url, { connections: 1 });
  try {
    const filled = await time(() => database.execute(FILL));
    for (const table of ["knowledge_base", "knowledge_base_chunks"]) {
      await database.query(`vacuum analyze public.${table}`);
    }
    const [{ count } = { count: 0 }] = await database.query<{ count: number }>(
      "select count(*)::int as count from public.knowledge_base_chunks",
    );
    printLine(
      `${count} chunks of ${organizations} organizations, filled in ${Math.round(filled / 1000)} s`,
    );
    const kinds: [name: string, run: () => Promise<number>][] = [
      [
        "an empty call",
        () => time(() => database.query("select public.read_health('{}')")),
      ],
      [
        "small organization",
        () => search(database, 2 + Math.floor(Math.random() * (organizations - 2))),
      ],
      ["large organization", () => search(database, 1)],
    ];
    const times = kinds.map((): number[] => []);
    // Interleaved, so that a busy moment of the machine is everybody's.
    for (let round = 0; round < rounds + 20; round++) {
      for (const [index, [, run]] of kinds.entries()) {
        const milliseconds = await run();
        if (round >= 20) times[index]?.push(milliseconds);
      }
    }
    const sorted = times.map((list) => list.sort((a, b) => a - b));
    const base = percentile(sorted[0] ?? [], 0.5);
    for (const [index, [name]] of kinds.entries()) {
      const list = sorted[index] ?? [];
      const [p50, p95] = [percentile(list, 0.5), percentile(list, 0.95)];
      const ratio = `${(p50 / base).toFixed(1)}×, ${(p95 / base).toFixed(1)}×`;
      printLine(
        `${name.padEnd(20)} p50 ${p50.toFixed(1).padStart(6)} ms  p95 ${
          p95.toFixed(1).padStart(6)
        } ms  ` +
          `(${ratio} of an empty call's p50)`,
      );
    }
  } finally {
    await database.close();
  }
});
