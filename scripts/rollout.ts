import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { RolloutDescription } from "../supabase/functions/_shared/services/describe_rollout.ts";
import type { TierDescription } from "../supabase/functions/_shared/services/steer_tier.ts";
import { describePlan, describeStatus, describeTier } from "./rollout/describe_status.ts";
import { printError, printLine } from "./local/print_line.ts";
import { readProject } from "./read_project.ts";

const HELP = `Shows and steers the rollout, by the functions' own operator routes.

  deno run -A scripts/rollout.ts status                                  [--json]
  deno run -A scripts/rollout.ts plan
  deno run -A scripts/rollout.ts plan --set <file.json>   --reason <why>
  deno run -A scripts/rollout.ts set <percent>            --reason <why>
  deno run -A scripts/rollout.ts advance|rollback         --reason <why>
  deno run -A scripts/rollout.ts pause|resume             --reason <why>
  deno run -A scripts/rollout.ts status|set|advance|rollback … --tier <tier>

  status       where it stands, what was measured, what the guard would do, how it came here
  plan         the stages and their limits; --set stores another plan
  set          so many percent of all contacts are inside, from their next message on
  advance      to the next stage of the plan, whatever the guard thinks
  rollback     to the last good stage, or to nobody; the plan is paused
  pause        nothing is advanced until "resume"; a broken limit still rolls back
  --tier       workspace, agent, knowledge or vapi: the same for a part of the product that is rolled out
               by organization. Nothing but an operator moves it; "status" says when a stage has had its time
  --reason     is kept in the history, as is who it was
  --actor      who it is; your login name unless given
  --json       the answer as it is

Exits 1 when it was refused. Reads SUPABASE_URL and SUPABASE_SECRET_KEYS (or
SUPABASE_SERVICE_ROLE_KEY).
`;

type Read = (name: string) => string | undefined;
type Surroundings = {
  print: (line: string) => void;
  read?: Read;
  fetch?: typeof globalThis.fetch;
};

/** Does what the arguments say. Throws one clear sentence. */
export async function rollout(
  args: string[],
  { print, read = (name) => Deno.env.get(name), fetch = globalThis.fetch }: Surroundings,
): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      reason: { type: "string" },
      actor: { type: "string" },
      set: { type: "string" },
      tier: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const [command, ...rest] = positionals;
  if (values.help || command === undefined) return print(HELP.trimEnd());
  const action = await readAction(command, rest, values.set);
  if (action === undefined) {
    throw new Error(`Cannot understand "${args.join(" ")}" (see --help)`);
  }
  if (action !== null && values.reason === undefined) {
    throw new Error(`Cannot ${command}: say why with --reason (see --help)`);
  }
  const actor = values.actor ?? read("USER");
  const signed = action === null
    ? undefined
    : { ...action, reason: values.reason, ...(actor === undefined ? {} : { actor }) };
  const { tier } = values;
  if (tier !== undefined) {
    if (!["status", "set", "advance", "rollback"].includes(command)) {
      throw new Error(`Cannot ${command} a tier (see --help)`);
    }
    const about = `?tier=${encodeURIComponent(tier)}`;
    const described = await ask<TierDescription>(signed, { read, fetch, about });
    if (values.json) return print(JSON.stringify(described, null, 2));
    return describeTier(described).forEach(print);
  }
  const status = await ask<RolloutDescription>(signed, { read, fetch });
  if (values.json) return print(JSON.stringify(status, null, 2));
  const isPlan = command === "plan";
  for (const line of isPlan ? describePlan(status) : describeStatus(status)) print(line);
}

/** Null where something is only read, undefined where it can't be understood. */
async function readAction(
  command: string,
  rest: string[],
  planFile: string | undefined,
): Promise<Record<string, unknown> | null | undefined> {
  if (planFile !== undefined && command !== "plan") return undefined;
  if (command === "set") {
    const [percent, ...more] = rest;
    if (percent === undefined || more.length > 0) return undefined;
    if (!/^(?:100|[1-9]?\d)%?$/.test(percent)) {
      throw new Error(`Cannot set "${percent}": it is no whole number from 0 to 100`);
    }
    return { action: "set", percent: Number.parseInt(percent) };
  }
  if (rest.length > 0) return undefined;
  if (command === "status") return null;
  if (command === "plan") {
    return planFile === undefined ? null : { action: "plan", plan: await readPlan(planFile) };
  }
  const known = ["advance", "rollback", "pause", "resume"].includes(command);
  return known ? { action: command } : undefined;
}

async function readPlan(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new Error(`Cannot read the plan "${path}": ${(error as Error).message}`);
  }
}

async function ask<Description>(
  action: Record<string, unknown> | undefined,
  { read, fetch, about = "" }: { read: Read; fetch: typeof globalThis.fetch; about?: string },
): Promise<Description> {
  const project = readProject(read);
  const address = `${project.supabaseUrl.replace(/\/+$/, "")}/functions/v1/ops/rollout${about}`;
  const response = await fetch(address, {
    method: action === undefined ? "GET" : "POST",
    headers: {
      apikey: project.secretKey,
      "content-type": "application/json",
    },
    ...(action === undefined ? {} : { body: JSON.stringify(action) }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  let detail = text.slice(0, 300);
  try {
    detail = JSON.parse(text).detail ?? detail;
  } catch {
    // A gateway's own page: its beginning says what it is.
  }
  throw new Error(`${detail} (${response.status})`);
}

if (import.meta.main) {
  try {
    await rollout(Deno.args, { print: printLine });
  } catch (error) {
    printError((error as Error).message);
    Deno.exit(1);
  }
}
