import { randomUUID } from "node:crypto";
import { queryDatabase } from "../../support/query_database.ts";

/** An organization with its owner and nothing else, shared with no other test. */
export async function createOrganization(): Promise<{ orgId: string; ownerId: string }> {
  const [orgId, ownerId] = [randomUUID(), randomUUID()];
  await queryDatabase(
    `insert into auth.users (id, email, aud, role, created_at, updated_at)
     values ($1::text::uuid, $2, 'authenticated', 'authenticated', now(), now())`,
    [ownerId, `${ownerId}@race.test`],
  );
  await queryDatabase("insert into public.organizations (id, name) values ($1::text::uuid, $2)", [
    orgId,
    `Race ${orgId.slice(0, 8)}`,
  ]);
  await queryDatabase(
    `insert into public.organization_members (org_id, user_id, role)
     values ($1::text::uuid, $2::text::uuid, 'owner')`,
    [orgId, ownerId],
  );
  return { orgId, ownerId };
}
