import { join } from "node:path";
import * as z from "zod";
import { writeFileAtomically } from "../local/write_file_atomically.ts";

const stepRecord = z.object({
  state: z.enum(["done", "failed"]),
  at: z.string(),
  milliseconds: z.number(),
  summary: z.string(),
});

const advice = z.object({
  name: z.string(),
  title: z.string(),
  level: z.enum(["INFO", "WARN", "ERROR"]),
  detail: z.string(),
  remediation: z.string(),
  cache_key: z.string(),
});

const level = z.object({ good: z.number(), total: z.number(), burnRate: z.number().nullable() });

/** Window → level → what was kept of it. */
const baseline = z.object({
  at: z.string(),
  percent: z.number(),
  enabled: z.boolean(),
  levels: z.record(z.string(), z.record(z.string(), level)),
  openAlerts: z.array(z.string()),
});

const journalSchema = z.object({
  id: z.string(),
  ref: z.string(),
  environment: z.enum(["staging", "production"]),
  commit: z.string(),
  version: z.string(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  steps: z.record(z.string(), stepRecord),
  backup: z.string().nullable(),
  /** Pending when the first attempt began; a release that was killed had applied some of them. */
  migrationsPlanned: z.array(z.string()).default([]),
  migrationsApplied: z.array(z.string()),
  advisorsBefore: z.array(advice).nullable(),
  secretsSet: z.array(z.string()),
  /** Slug → version; null where there was none. */
  functionsBefore: z.record(z.string(), z.number().nullable()).nullable(),
  functionsAfter: z.record(z.string(), z.number()).nullable(),
  /** Slug → the version that put the code before back, and the commit of that code. */
  functionsRestored: z.record(z.string(), z.object({ version: z.number(), commit: z.string() }))
    .default({}),
  /** Slug → what it called itself; null where it didn't say. */
  codesBefore: z.record(z.string(), z.string().nullable()).default({}),
  /** The same of all of them, in journals from before they were told apart. */
  codeBefore: z.string().nullable().default(null),
  baseline: baseline.nullable(),
});

/** What a release did so far, and what was live before it. Names and versions, never a secret. */
export type Journal = z.infer<typeof journalSchema>;
export type Baseline = z.infer<typeof baseline>;

export function createJournal(
  { ref, environment, commit, version, now }:
    & Pick<Journal, "ref" | "environment" | "commit" | "version">
    & { now: Date },
): Journal {
  const moment = now.toISOString();
  return {
    id: `${moment.replace(/[-:]|\.\d+/g, "")}-${commit.slice(0, 7)}`,
    ref,
    environment,
    commit,
    version,
    startedAt: moment,
    finishedAt: null,
    steps: {},
    backup: null,
    migrationsPlanned: [],
    migrationsApplied: [],
    advisorsBefore: null,
    secretsSet: [],
    functionsBefore: null,
    functionsAfter: null,
    functionsRestored: {},
    codesBefore: {},
    codeBefore: null,
    baseline: null,
  };
}

/** `folder` is the checkout's `.local`. */
export function journalPath(folder: string, { ref, id }: Pick<Journal, "ref" | "id">): string {
  return join(folder, "releases", ref, `${id}.json`);
}

export async function saveJournal(folder: string, journal: Journal): Promise<void> {
  const path = journalPath(folder, journal);
  await Deno.mkdir(join(path, ".."), { recursive: true });
  await writeFileAtomically(path, `${JSON.stringify(journal, null, 2)}\n`);
}

/** The project's releases from this checkout, the newest first. A file that is no journal is left out. */
export async function listJournals(folder: string, ref: string): Promise<Journal[]> {
  const place = join(folder, "releases", ref);
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(place)) if (name.endsWith(".json")) names.push(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const journals: Journal[] = [];
  for (const name of names.sort().reverse()) {
    const text = await Deno.readTextFile(join(place, name));
    const parsed = journalSchema.safeParse(parseJson(text));
    if (parsed.success) journals.push(parsed.data);
  }
  return journals;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
