import { listLeftOut, type Source } from "./fit_product.ts";
import type { Counts, ImportStatus, ImportStore, Refusal } from "./import_store.ts";
import type { Mapping } from "./mapping.ts";

const KINDS = ["imported", "updated", "unchanged", "kept", "gone", "skipped", "refused"] as const;
const SHOWN_REFUSALS = 20;

type Print = (line: string) => void;

/** What an import would do with each row, without doing it. */
export async function previewImport(
  store: ImportStore,
  { orgId, mapping, limit, print }: {
    orgId: string;
    mapping: Mapping;
    limit: number;
    print: Print;
  },
): Promise<void> {
  const total: Counts = {};
  const refusals: Refusal[] = [];
  let after: string | null = null;
  for (let isLast = false; !isLast;) {
    const page = await store.preview(orgId, mapping, { after, limit });
    for (const [name, count] of Object.entries(page.counts)) {
      total[name] = (total[name] ?? 0) + count;
    }
    refusals.push(...page.refusals);
    after = page.last_key;
    isLast = page.is_last;
  }
  showRefusals(refusals, print);
  print(`would be: ${describeCounts(total)}`);
  print("Nothing was done: add --confirm");
}

/** Page by page to the end of the pass, printing how far it is. */
export async function runImport(
  store: ImportStore,
  { orgId, mapping, limit, print, restart }: {
    orgId: string;
    mapping: Mapping;
    limit: number;
    print: Print;
    restart: boolean;
  },
): Promise<void> {
  const { source, pass, is_resumed, last_key } = await store.begin(orgId, mapping, { restart });
  if (is_resumed && last_key !== null) print(`goes on behind "${last_key}" (pass ${pass})`);
  const refusals: Refusal[] = [];
  for (;;) {
    const page = await store.importPage(orgId, { source, pass, limit });
    if (page === null) {
      showRefusals(refusals, print);
      return print(`pass ${pass} was finished by another run; --status shows it`);
    }
    refusals.push(...page.refusals);
    print(`pass ${pass}: ${describeCounts(page.counts)}`);
    if (page.state === "completed") break;
  }
  showRefusals(refusals, print);
  print(`completed pass ${pass} of ${source}`);
}

function describeCounts(counts: Counts): string {
  const parts = KINDS.filter((kind) => (counts[kind] ?? 0) > 0)
    .map((kind) => `${counts[kind]} ${kind}`);
  return [`${counts["read"] ?? 0} read`, ...parts].join(", ");
}

export function showMapping(mapping: Mapping, source: Source, print: Print): void {
  const pairs = [
    ...Object.entries(mapping.columns),
    ...Object.entries(mapping.attributes ?? {}).map(([name, column]) => [
      `attributes.${name}`,
      column,
    ]),
  ];
  print(`${source.source} (about ${source.rows} rows) → listings of ${mapping.domain}`);
  print(
    `  by ${mapping.key}, of ${mapping.contact ?? "the organization itself"}` +
      (mapping.updated_at === undefined ? ", taken once" : `, changed at ${mapping.updated_at}`),
  );
  for (const [target, column] of pairs) print(`  ${target} ← ${column}`);
  const leftOut = listLeftOut(mapping, source);
  if (leftOut.length > 0) print(`  left out: ${leftOut.join(", ")}`);
}

function showRefusals(refusals: Refusal[], print: Print): void {
  for (const { key, reason } of refusals.slice(0, SHOWN_REFUSALS)) {
    print(`  refused ${key}: ${reason}`);
  }
  const more = refusals.length - SHOWN_REFUSALS;
  if (more > 0) print(`  and ${more} more: --status counts them by reason`);
}

export function showStatus(one: ImportStatus, print: Print): void {
  print(`${one.source}: pass ${one.pass} ${one.state}, ${describeCounts(one.counts)}`);
  for (const [reason, count] of Object.entries(one.refused)) print(`  refused ${count}: ${reason}`);
}
