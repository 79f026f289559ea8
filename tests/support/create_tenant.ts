import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { callRpc } from "./call_rpc.ts";
import { controlSimulator } from "./control_simulator.ts";
import { queryDatabase } from "./query_database.ts";
import { signToken } from "./sign_token.ts";

export type Person = { id: string; email: string; token: string };
export type MemberRole = "owner" | "admin" | "member" | "viewer";

/** Accounts of one organization at the simulated providers, shared with no other test. */
export type ProviderAccounts = {
  vapi: { key: string; accountId: string };
  twilio: { sid: string; token: string; number: string };
  whatsapp: { phoneNumberId: string; businessAccountId: string; token: string };
};

export type Tenant = { orgId: string; name: string; owner: Person; accounts: ProviderAccounts };

const digits = (count: number) => Array.from({ length: count }, () => randomInt(10)).join("");
const hex = (bytes: number) => randomBytes(bytes).toString("hex");

/** A user without any membership, with a valid token. */
export async function createPerson(prefix = "person"): Promise<Person> {
  const id = randomUUID();
  const email = `${prefix}-${id.slice(0, 8)}@tenants.test`;
  await queryDatabase(
    `insert into auth.users (id, instance_id, aud, role, email, encrypted_password,
       email_confirmed_at, raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
     values ($1::text::uuid, '00000000-0000-0000-0000-000000000000', 'authenticated',
       'authenticated', $2, '', now(), '{}', '{}', now(), now())`,
    [id, email],
  );
  return { id, email, token: await signToken({ sub: id, email }) };
}

/** A new user who has this role in the organization. */
export async function createMember(orgId: string, role: MemberRole): Promise<Person> {
  const person = await createPerson(role);
  await queryDatabase(
    `insert into public.organization_members (org_id, user_id, role)
     values ($1::text::uuid, $2::text::uuid, $3)`,
    [orgId, person.id, role],
  );
  return person;
}

/** New accounts at all three providers: a Vapi key, a voice-capable number, a WhatsApp number. */
export async function createAccounts(name: string): Promise<ProviderAccounts> {
  // As long as numbers may be: of hundreds of organizations no two have the same one, which is refused.
  const accounts: ProviderAccounts = {
    vapi: { key: randomUUID(), accountId: randomUUID() },
    twilio: { sid: `AC${hex(16)}`, token: hex(16), number: `+1500${digits(11)}` },
    whatsapp: {
      phoneNumberId: `1${digits(14)}`,
      businessAccountId: `2${digits(14)}`,
      token: `EAA${hex(24)}`,
    },
  };
  const { vapi, twilio, whatsapp } = accounts;
  const register = (simulator: "vapi" | "twilio" | "graph", body: unknown) =>
    controlSimulator(simulator, "POST", { path: "accounts", body });
  await Promise.all([
    register("vapi", vapi),
    register("twilio", {
      sid: twilio.sid,
      token: twilio.token,
      friendly_name: name,
      numbers: [{ phone_number: twilio.number, voice: true }],
    }),
    register("graph", {
      token: whatsapp.token,
      business_accounts: [{ id: whatsapp.businessAccountId, name }],
      phone_numbers: [{
        id: whatsapp.phoneNumberId,
        business_account_id: whatsapp.businessAccountId,
        display_phone_number: twilio.number,
        verified_name: name,
      }],
    }),
  ]);
  return accounts;
}

/** The body of a workspace save that connects all three providers. */
export function workspaceBody({ vapi, twilio, whatsapp }: ProviderAccounts) {
  return {
    vapi_api_key: vapi.key,
    twilio_account_sid: twilio.sid,
    twilio_auth_token: twilio.token,
    twilio_from_number: twilio.number,
    whatsapp_phone_number_id: whatsapp.phoneNumberId,
    whatsapp_business_account_id: whatsapp.businessAccountId,
    whatsapp_access_token: whatsapp.token,
  };
}

/** A fresh organization with its owner and its provider accounts; nothing is saved yet. */
export async function createTenant(): Promise<Tenant> {
  const name = `Tenant ${hex(4)}`;
  const [owner, accounts] = await Promise.all([createPerson("owner"), createAccounts(name)]);
  const answer = await callRpc<{ code: string; org_id: string }>("create_organization", {
    name,
    owner_user_id: owner.id,
    parent_id: null,
    id: null,
  });
  if (answer.code !== "created") throw new Error(`Cannot create a tenant: ${answer.code}`);
  return { orgId: answer.org_id, name, owner, accounts };
}
