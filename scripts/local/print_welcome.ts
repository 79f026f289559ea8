import type { JWK } from "jose";
import { printLine } from "./print_line.ts";
import { signUserToken } from "./sign_user_token.ts";
import type { StackFile } from "./stack_file.ts";

const DEMO_USER = {
  id: "aaaaaaaa-0000-4000-8000-000000000001",
  email: "owner@demo-clinic.test",
  password: "switchboard-demo",
};

/** Accounts that the simulators know from the start. */
const DEMO_WORKSPACE = {
  vapi_api_key: "vapi-demo-key",
  twilio_account_sid: "AC00000000000000000000000000000001",
  twilio_auth_token: "0123456789abcdef0123456789abcdef",
  twilio_from_number: "+15005550100",
  whatsapp_phone_number_id: "100000000000001",
  whatsapp_business_account_id: "200000000000001",
  whatsapp_access_token: "EAAdemo0000000000000000000000000000000000000000",
};

async function createDemoToken(file: StackFile): Promise<string> {
  if (file.engine !== "docker") {
    const privateJwk = JSON.parse(await Deno.readTextFile(file.auth_private_jwk_path)) as JWK;
    const { id: userId, email } = DEMO_USER;
    return await signUserToken(privateJwk, { url: file.url, userId, email, hours: 12 });
  }
  const response = await fetch(`${file.url}/auth/v1/token?grant_type=password`, {
    method: "POST",
    headers: { apikey: file.publishable_key, "content-type": "application/json" },
    body: JSON.stringify({ email: DEMO_USER.email, password: DEMO_USER.password }),
  });
  const answer = await response.json() as { access_token?: string };
  return answer.access_token ?? "(the demo user can't sign in: see supabase/seed.sql)";
}

/** What a developer needs next: the address, a token, and a command that works when pasted. */
export async function printWelcome(file: StackFile, { seconds }: { seconds: number }) {
  const token = await createDemoToken(file);
  const fields = Object.entries(DEMO_WORKSPACE)
    .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  printLine(`
Switchboard is ready after ${seconds.toFixed(1)} s.

  URL         ${file.url}
  Functions   ${file.url}/functions/v1/{${Object.keys(file.functions).join(",")}}
  Database    ${file.database_url}
  Logs        ${file.state_folder}/logs
  Secret key  ${file.secret_key}

${DEMO_USER.email} (password ${DEMO_USER.password}), token:

${token}

Save the demo organization's workspace:

curl -sS -X POST ${file.url}/functions/v1/workspace-save \\
  -H 'authorization: Bearer ${token}' \\
  -H 'content-type: application/json' \\
  -d '{
${fields.join(",\n")}
  }'

Ctrl-C ends everything.
`);
}
