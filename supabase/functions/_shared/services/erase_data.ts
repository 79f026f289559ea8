import type { DataRequest, ErasureStore, Subject } from "../ports_erasing.ts";
import { eraseCallsOutside, type EraseCallsPorts } from "./erase_calls_outside.ts";
import { closeWorkspace } from "./release_workspace.ts";
import { eraseWorkspaceOutside, type EraseWorkspacePorts } from "./erase_workspace_outside.ts";

export type EraseDataPorts = EraseCallsPorts & EraseWorkspacePorts;

export type Erasure =
  | {
    outcome: "erased";
    counts: { [table: string]: number };
    outside: { [what: string]: number };
    /** Still at a provider, for people; only where `force` went on without it. */
    problems: string[];
  }
  /** Something is still at a provider: no row was deleted, so that it can be tried again. */
  | { outcome: "kept"; problems: string[] }
  | { outcome: "not_found" | "name_differs" | "has_children" | "calls_in_progress" };

/** What mentions a person in other words is looked for once a page. */
const PAGE = 5_000;

/**
 * Erases an organization or a person: first what others keep of them, then the rows, a page at a
 * time. Cut off anywhere, it goes on when it is called again.
 * @param input.name the organization's, as it is written: whoever asks has looked at what it is
 * @param input.force goes on while calls go on, and although something stays at a provider
 */
export async function eraseData(
  ports: EraseDataPorts,
  { subject, name, force, requestId, actor }: {
    subject: Subject;
    name: string;
    force: boolean;
    requestId: string;
    /** Who asked, for the record. */
    actor?: string;
  },
): Promise<Erasure> {
  const request = {
    ...subject,
    name,
    force,
    limit: PAGE,
    request_id: requestId,
    rows: {},
    ...(actor === undefined ? {} : { actor }),
  };
  const { code } = await ports.erasure.eraseRows({ ...request, dry_run: true });
  if (code !== "erasable" && code !== "erased") return { outcome: code };

  const problems: string[] = [];
  const outside: { [what: string]: number } = {};
  if (!isPerson(subject)) {
    // First of all: a call that comes in meanwhile would be kept again.
    problems.push(...await closeWorkspace(ports, { orgId: subject.org_id, requestId }));
    if (problems.length > 0 && !force) return { outcome: "kept", problems };
  }
  const looked = new Set<string>();
  const eraseCalls = async () => {
    const { problems: told, ...counts } = await eraseCallsOutside(ports, { subject, looked });
    problems.push(...told);
    for (const [what, count] of Object.entries(counts)) {
      outside[what] = (outside[what] ?? 0) + count;
    }
  };
  await eraseCalls();
  if (!isPerson(subject)) {
    const orgId = subject.org_id;
    const workspace = await eraseWorkspaceOutside(ports, { orgId, requestId });
    problems.push(...workspace.problems.filter((problem) => !problems.includes(problem)));
    outside.objects = workspace.objects;
  }
  // Pages are read once and by chance: a call that came meanwhile may be on one that was read.
  await eraseCalls();
  if (problems.length > 0 && !force) return { outcome: "kept", problems };
  const erased = await eraseAllRows(ports.erasure, request);
  return "outcome" in erased ? erased : { outcome: "erased", ...erased, outside, problems };
}

async function eraseAllRows(
  erasure: ErasureStore,
  request: Subject & DataRequest & { name: string; force: boolean; limit: number },
): Promise<
  { counts: { [table: string]: number } } | {
    outcome: "name_differs" | "has_children" | "calls_in_progress";
  }
> {
  const counts: { [table: string]: number } = {};
  for (;;) {
    const page = await erasure.eraseRows({ ...request, rows: counts, dry_run: false });
    // The answer that it was done was lost: whoever it is was there a moment ago, and whatever deletes
    // the last of them records it.
    if (page.code === "not_found") return { counts };
    if (page.code === "erasable") throw new Error("Cannot erase rows: it was not a dry run");
    if (page.code !== "erased") return { outcome: page.code };
    for (const [table, count] of Object.entries(page.counts)) {
      counts[table] = (counts[table] ?? 0) + count;
    }
    if (page.done) return { counts };
  }
}

export function isPerson(subject: Subject): boolean {
  return subject.contact_id !== undefined || subject.phone !== undefined ||
    subject.bsuid !== undefined;
}
