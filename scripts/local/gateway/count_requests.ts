/** How often each route was asked, so that a test or a benchmark can count round trips. */
export type RequestCounts = {
  add(method: string, pathAndQuery: string): void;
  /** `{"POST /rest/v1/rpc/claim_jobs": 2}` */
  read(): Record<string, number>;
  clear(): void;
};

/** A route is the path's first four parts: enough for a table, an SQL function or a function. */
export function countRequests(): RequestCounts {
  const counts = new Map<string, number>();
  return {
    add(method, pathAndQuery) {
      const [path = ""] = pathAndQuery.split("?", 1);
      const route = `${method} ${path.split("/").slice(0, 5).join("/")}`;
      counts.set(route, (counts.get(route) ?? 0) + 1);
    },
    read: () => Object.fromEntries(counts),
    clear: () => counts.clear(),
  };
}
