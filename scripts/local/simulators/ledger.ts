import { matchPath } from "./match_path.ts";

/**
 * One request as it arrived. `status` is null while it is unanswered, and for ever when it was hung
 * or dropped; `credential` is a fingerprint; bodies and query are masked.
 */
export type LedgerEntry = {
  id: number;
  time: string;
  method: string;
  path: string;
  query: Record<string, string>;
  contentType: string | null;
  body: unknown;
  account: string | null;
  credential: string | null;
  status: number | null;
  durationMilliseconds: number | null;
  fault: { id: string; mode: string; moment: string } | null;
};

export type LedgerFilter = {
  account?: string | null;
  credential?: string;
  path?: string;
  method?: string;
  after?: number;
};

/** Old entries go first: a long benchmark must not fill the memory. */
const CAPACITY = 50_000;

export function createLedger() {
  let entries: LedgerEntry[] = [];
  let lastId = 0;

  const matches = (entry: LedgerEntry, filter: LedgerFilter): boolean =>
    (filter.account === undefined || entry.account === filter.account) &&
    (filter.credential === undefined || entry.credential === filter.credential) &&
    (filter.path === undefined || matchPath(filter.path, entry.path)) &&
    (filter.method === undefined || entry.method === filter.method.toUpperCase()) &&
    (filter.after === undefined || entry.id > filter.after);

  return {
    open(request: Omit<LedgerEntry, "id" | "status" | "durationMilliseconds" | "fault">) {
      lastId += 1;
      const entry: LedgerEntry = {
        id: lastId,
        ...request,
        status: null,
        durationMilliseconds: null,
        fault: null,
      };
      entries.push(entry);
      if (entries.length > CAPACITY * 1.2) entries = entries.slice(-CAPACITY);
      return entry;
    },
    list: (filter: LedgerFilter): LedgerEntry[] =>
      entries.filter((entry) => matches(entry, filter)),
    clear(filter: LedgerFilter): number {
      const before = entries.length;
      entries = entries.filter((entry) => !matches(entry, filter));
      return before - entries.length;
    },
  };
}

export type Ledger = ReturnType<typeof createLedger>;
