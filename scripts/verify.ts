import { parseArgs } from "node:util";
import * as z from "zod";
import {
  createDatabase,
  type Database,
} from "../supabase/functions/_shared/providers/supabase/create_database.ts";
import { printError, printLine } from "./local/print_line.ts";
import { readProject } from "./read_project.ts";

const HELP =
  `Checks what a release needs: functions, constraints, indexes, tables, policies, and the rows.

  deno run -A scripts/verify.ts [--max-error-rate <fraction>] [--minimum-turns <number>]

  --max-error-rate   of the turns of the last 24 hours that may have failed (0.005)
  --minimum-turns    with fewer turns the rate says nothing (200)

Prints a line for each check, with figures. Changes nothing; an empty database passes. Exits 1 when
a check fails. Reads SUPABASE_URL and SUPABASE_SECRET_KEYS (or SUPABASE_SERVICE_ROLE_KEY).
`;

/** The checks read every call and event once. */
const TIMEOUT_MILLISECONDS = 120_000;

const verified = z.object({
  code: z.literal("verified"),
  passed: z.boolean(),
  checks: z.array(z.object({
    check: z.string(),
    passed: z.boolean(),
    figures: z.record(z.string(), z.number()),
    missing: z.array(z.string()),
  })),
});

type Read = (name: string) => string | undefined;

/** Runs the checks. Gives the text to print and whether all passed; throws one clear sentence. */
export async function verify(
  args: string[],
  { read = (name) => Deno.env.get(name), openDatabase = openRealDatabase }: {
    read?: Read;
    openDatabase?: (read: Read) => Pick<Database, "callFunction">;
  } = {},
): Promise<{ text: string; passed: boolean }> {
  const { values } = parseArgs({
    args,
    options: {
      "max-error-rate": { type: "string", default: "0.005" },
      "minimum-turns": { type: "string", default: "200" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return { text: HELP, passed: true };
  const request = {
    max_error_rate: readNumber(
      "max-error-rate",
      values["max-error-rate"],
      z.number().min(0).max(1),
    ),
    minimum_turns: readNumber("minimum-turns", values["minimum-turns"], z.int().min(1)),
  };
  const { checks, passed } = await openDatabase(read).callFunction(
    "verify_release",
    request,
    verified,
    { idempotent: true },
  );
  const failed = checks.filter((check) => !check.passed).length;
  const lines = checks.map(({ check, passed, figures, missing }) => {
    const shown = Object.entries(figures).map(([name, count]) => `${name} ${count}`);
    if (missing.length > 0) shown.push(`missing: ${missing.join(", ")}`);
    return `${passed ? "pass" : "FAIL"}  ${check}${
      shown.length > 0 ? `: ${shown.join(", ")}` : ""
    }`;
  });
  lines.push(`${checks.length - failed} passed, ${failed} failed`);
  return { text: lines.join("\n"), passed };
}

function readNumber(option: string, value: string, shape: z.ZodType<number>): number {
  const parsed = shape.safeParse(value.trim() === "" ? Number.NaN : Number(value));
  if (!parsed.success) throw new Error(`Cannot verify: --${option} "${value}" is out of range`);
  return parsed.data;
}

function openRealDatabase(read: Read): Database {
  return createDatabase({ ...readProject(read), timeoutMilliseconds: TIMEOUT_MILLISECONDS });
}

if (import.meta.main) {
  try {
    const { text, passed } = await verify(Deno.args);
    printLine(text.trimEnd());
    if (!passed) Deno.exit(1);
  } catch (error) {
    printError((error as Error).message);
    Deno.exit(1);
  }
}
