import { parseArgs } from "node:util";
import {
  chooseServiceKeys,
  readEnvironment,
  type VariableName,
} from "../supabase/functions/_shared/env.ts";
import { createCredentialCipher } from "../supabase/functions/_shared/providers/supabase/credential_cipher.ts";
import { createCredentialStore } from "../supabase/functions/_shared/providers/supabase/credential_store.ts";
import { createDatabase } from "../supabase/functions/_shared/providers/supabase/create_database.ts";
import { rotateCredentials } from "../supabase/functions/_shared/services/rotate_credentials.ts";
import { printError, printLine } from "./local/print_line.ts";
import { PROJECT_VARIABLES } from "./read_project.ts";

const HELP = `Encrypts every stored provider credential with the first key of CREDENTIAL_KEYS.

  deno run -A scripts/rotate_credentials.ts [--dry-run]

  --dry-run   opens them all and changes nothing: shows what would be done, and missing keys

To rotate: put a new key first in CREDENTIAL_KEYS, deploy, run this, then take the old key out.
It can be stopped and run again. Reads SUPABASE_URL, SUPABASE_SECRET_KEYS (or
SUPABASE_SERVICE_ROLE_KEY) and CREDENTIAL_KEYS. Exit code 1 when a credential opens with no key.
`;

type Read = (name: string) => string | undefined;

/** Runs the rotation. Gives the text to print, never a secret, and the exit code. */
export async function rotate(
  args: string[],
  read: Read = (name) => Deno.env.get(name),
): Promise<{ text: string; code: number }> {
  const { values } = parseArgs({
    args,
    options: {
      "dry-run": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return { text: HELP, code: 0 };

  const names = [
    ...PROJECT_VARIABLES,
    "CREDENTIAL_KEYS",
  ] as const satisfies VariableName[];
  const environment = readEnvironment(names, read);
  const database = createDatabase({
    supabaseUrl: environment.SUPABASE_URL,
    secretKey: chooseServiceKeys(environment).serviceKey,
    timeoutMilliseconds: 10_000,
  });
  const cipher = createCredentialCipher(environment.CREDENTIAL_KEYS);
  const result = await rotateCredentials(
    { credentials: createCredentialStore(database), cipher },
    { dryRun: values["dry-run"] === true },
  );

  const done = values["dry-run"] ? "would be encrypted" : "encrypted";
  const lines = result.failed.map(({ org_id, provider, reason }) =>
    `${org_id} ${provider}: ${reason}`
  );
  lines.push(
    `${result.rotated} ${done} with key "${cipher.currentKeyId}", ` +
      `${result.superseded} saved meanwhile, ${result.failed.length} failed`,
  );
  return { text: lines.join("\n"), code: result.failed.length > 0 ? 1 : 0 };
}

if (import.meta.main) {
  try {
    const { text, code } = await rotate(Deno.args);
    printLine(text.trimEnd());
    Deno.exit(code);
  } catch (error) {
    printError((error as Error).message);
    Deno.exit(1);
  }
}
