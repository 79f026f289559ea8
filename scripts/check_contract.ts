import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checkRequests } from "./local/simulators/contract/check_requests.ts";
import { readJsonFile, readLedger } from "./local/simulators/contract/read_ledger.ts";

const STACK_FILE = fileURLToPath(new URL("../.local/dev/stack.json", import.meta.url));

const HELP = `Checks the requests that the Vapi simulator recorded against Vapi's published OpenAPI.

  deno run -A scripts/check_contract.ts --openapi <file> [--ledger <address or file>]

  --openapi <file>   Vapi's OpenAPI document as JSON (https://api.vapi.ai/api-json)
  --ledger <source>  the Vapi simulator's address, or a JSON file of its /__simulator/requests;
                     by default the simulator of the running local stack

Prints one line per violation, then "N requests checked, N violations". Exit code 1 on a violation.
Accepted although the OpenAPI does not have it: function.name of a query tool (Vapi's guides do),
and null for what PATCH /phone-number/{id} takes away from a number.
`;

/** Runs the check. Gives the text to print and the exit code; throws one clear sentence. */
export async function checkContract(args: string[]): Promise<{ text: string; code: number }> {
  const { values } = parseArgs({
    args,
    options: {
      openapi: { type: "string" },
      ledger: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return { text: HELP, code: 0 };
  if (values.openapi === undefined) {
    throw new Error("Cannot check the contract: --openapi <file> is missing (see --help)");
  }
  const document = await readJsonFile(values.openapi);
  const requests = await readLedger(values.ledger ?? await stackLedger());
  let violations;
  try {
    violations = checkRequests(document, requests);
  } catch (error) {
    throw new Error(`Cannot use "${values.openapi}": ${(error as Error).message}`);
  }
  const counts = new Map<string, number>();
  for (const { operation, where, message } of violations) {
    const line = `${operation} ${where === "" ? "body" : where}: ${message}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  const lines = [...counts].map(([line, count]) => count === 1 ? line : `${line} (×${count})`);
  lines.push(`${requests.length} requests checked, ${violations.length} violations`);
  return { text: `${lines.join("\n")}\n`, code: violations.length > 0 ? 1 : 0 };
}

async function stackLedger(): Promise<string> {
  const stack = await readJsonFile(STACK_FILE).catch(() => null);
  const address = (stack as { simulators?: { vapi?: unknown } } | null)?.simulators?.vapi;
  if (typeof address === "string") return address;
  throw new Error("Cannot find a ledger: the local stack is not running, and --ledger is missing");
}

if (import.meta.main) {
  const encoder = new TextEncoder();
  try {
    const { text, code } = await checkContract(Deno.args);
    Deno.stdout.writeSync(encoder.encode(text));
    Deno.exit(code);
  } catch (error) {
    Deno.stderr.writeSync(encoder.encode(`${(error as Error).message}\n`));
    Deno.exit(1);
  }
}
