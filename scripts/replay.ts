import { parseArgs } from "node:util";
import { createLogger } from "../supabase/functions/_shared/log.ts";
import type {
  DeadLetterRow,
  DeadLetterSource,
  DeadLetterStore,
} from "../supabase/functions/_shared/ports_dead_letters.ts";
import { createCallStore } from "../supabase/functions/_shared/providers/supabase/call_store.ts";
import { createDatabase } from "../supabase/functions/_shared/providers/supabase/create_database.ts";
import { createDeadLetterStore } from "../supabase/functions/_shared/providers/supabase/dead_letter_store.ts";
import { createCallMessages } from "../supabase/functions/_shared/providers/vapi/create_call_messages.ts";
import {
  replayDeadLetter,
  type ReplayPorts,
} from "../supabase/functions/_shared/services/replay_dead_letter.ts";
import { printError, printLine } from "./local/print_line.ts";
import { readProject } from "./read_project.ts";

const HELP =
  `Runs dead letters again, or dismisses them: events, messages, recordings and deliveries that were
given up.

  deno run -A scripts/replay.ts list   [--source <source>] [--org <id>] [--replayed]
  deno run -A scripts/replay.ts one <id>                               [--dry-run]
  deno run -A scripts/replay.ts all    [--source <source>] [--org <id>] [--dry-run]
  deno run -A scripts/replay.ts dismiss <id> --reason <why>            [--dry-run]

  list         shows them, the newest first, with the reason of each
  one          runs the one with this id again
  all          runs all again that were not yet
  dismiss      takes the one with this id off the list without running it: nothing of it is deleted
  --source     whatsapp, vapi, outbox, job or legacy
  --org        those of one organization
  --replayed   list those that were run again or dismissed as well
  --reason     why nobody has to look at it any more, for the audit log
  --dry-run    says what would be run again and does nothing

Exits 1 when something failed again. Reads SUPABASE_URL and SUPABASE_SECRET_KEYS (or
SUPABASE_SERVICE_ROLE_KEY).
`;

const SOURCES = [
  "whatsapp",
  "vapi",
  "outbox",
  "job",
  "legacy",
] as const satisfies DeadLetterSource[];
const PAGE = 200;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Read = (name: string) => string | undefined;
type Print = (line: string) => void;
type Filter = { source: DeadLetterSource | null; org_id: string | null; replayed: boolean };

/** Does what the arguments say. Answers whether all of it worked; throws one clear sentence. */
export async function replay(
  args: string[],
  { print, read = (name) => Deno.env.get(name), createPorts = createRealPorts }: {
    print: Print;
    read?: Read;
    createPorts?: (read: Read) => ReplayPorts;
  },
): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      source: { type: "string" },
      org: { type: "string" },
      replayed: { type: "boolean", default: false },
      reason: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const [command, id, ...rest] = positionals;
  if (values.help || command === undefined) {
    print(HELP.trimEnd());
    return true;
  }
  const filter = readFilter(values);
  const dryRun = values["dry-run"];
  if (command === "list" && id === undefined) {
    for await (const letter of listLetters(createPorts(read).deadLetters, filter)) {
      print(describe(letter));
    }
    return true;
  }
  if (command === "one" && id !== undefined && rest.length === 0) {
    if (!UUID.test(id)) throw new Error(`Cannot replay "${id}": it is not an id`);
    if (dryRun) {
      print(`would replay ${id}`);
      return true;
    }
    return await replayOne(createPorts(read), { id, print });
  }
  if (command === "dismiss" && id !== undefined && rest.length === 0) {
    if (!UUID.test(id)) throw new Error(`Cannot dismiss "${id}": it is not an id`);
    const reason = values.reason?.trim() ?? "";
    if (reason.length < 3) throw new Error(`Cannot dismiss "${id}": --reason must say why`);
    if (dryRun) {
      print(`would dismiss ${id}`);
      return true;
    }
    return await dismissOne(createPorts(read), { id, reason, print });
  }
  if (command === "all" && id === undefined) {
    const ports = createPorts(read);
    const letters: DeadLetterRow[] = [];
    for await (const letter of listLetters(ports.deadLetters, { ...filter, replayed: false })) {
      letters.push(letter);
    }
    let failed = 0;
    // The oldest first, as they happened.
    for (const letter of letters.toReversed()) {
      if (dryRun) print(`would replay ${describe(letter)}`);
      else if (!await replayOne(ports, { id: letter.id, print })) failed++;
    }
    print(`${dryRun ? "to replay" : "replayed"}: ${letters.length - failed}, failed: ${failed}`);
    return failed === 0;
  }
  throw new Error(`Cannot understand "${args.join(" ")}" (see --help)`);
}

function readFilter(
  { source, org, replayed }: {
    source?: string | undefined;
    org?: string | undefined;
    replayed: boolean;
  },
): Filter {
  const known = SOURCES.find((name) => name === source) ?? null;
  if (source !== undefined && known === null) {
    throw new Error(`Cannot look for "${source}": --source is one of ${SOURCES.join(", ")}`);
  }
  if (org !== undefined && !UUID.test(org)) {
    throw new Error(`Cannot look for "${org}": --org is an organization's id`);
  }
  return { source: known, org_id: org ?? null, replayed };
}

async function* listLetters(store: DeadLetterStore, filter: Filter): AsyncGenerator<DeadLetterRow> {
  let before: { at: string; id: string } | null = null;
  for (;;) {
    const page: DeadLetterRow[] = await store.listDeadLetters({ ...filter, before, limit: PAGE });
    yield* page;
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) return;
    before = { at: last.dead_lettered_at, id: last.id };
  }
}

async function replayOne(
  ports: ReplayPorts,
  { id, print }: { id: string; print: Print },
): Promise<boolean> {
  const result = await replayDeadLetter(ports, { id, requestId: `replay-${crypto.randomUUID()}` });
  switch (result.outcome) {
    case "not_found":
      print(`${id}: there is no such dead letter`);
      return false;
    case "failed":
      print(`${id}: ${result.sourceId} failed again: ${result.reason}`);
      return false;
    case "gone":
      print(`${id}: ${result.sourceId} is gone, or has succeeded since: dismissed`);
      return true;
    case "already_replayed":
      print(`${id}: ${result.sourceId} was replayed before`);
      return true;
    case "replayed":
      print(`${id}: ${result.sourceId} replayed`);
      return true;
  }
}

async function dismissOne(
  { deadLetters }: ReplayPorts,
  { id, reason, print }: { id: string; reason: string; print: Print },
): Promise<boolean> {
  const result = await deadLetters.dismissDeadLetter({
    id,
    reason,
    user_id: "operator",
    request_id: `replay-${crypto.randomUUID()}`,
  });
  switch (result.code) {
    case "not_found":
      print(`${id}: there is no such dead letter`);
      return false;
    case "already_replayed":
      print(`${id}: ${result.source_id} was replayed before`);
      return true;
    case "dismissed":
      print(`${id}: ${result.source_id} dismissed`);
      return true;
  }
}

function describe(letter: DeadLetterRow): string {
  const { dismissed_at, dismissal_reason, replayed_at } = letter;
  const settled = dismissed_at === null ? "replayed" : `dismissed: ${dismissal_reason}`;
  const state = replayed_at === null ? "" : ` (${settled})`;
  return `${letter.id}  ${letter.dead_lettered_at}  ${letter.source}  ${letter.source_id}${state}: ${letter.reason}`;
}

function createRealPorts(read: Read): ReplayPorts {
  const database = createDatabase(readProject(read));
  return {
    deadLetters: createDeadLetterStore(database),
    calls: createCallStore(database),
    messages: createCallMessages(),
    // What is worth reading is printed.
    logger: createLogger({ functionName: "replay", level: "CRITICAL" }),
  };
}

if (import.meta.main) {
  try {
    if (!await replay(Deno.args, { print: printLine })) Deno.exit(1);
  } catch (error) {
    printError((error as Error).message);
    Deno.exit(1);
  }
}
