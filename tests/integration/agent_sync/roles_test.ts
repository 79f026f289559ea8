import { deepEqual, equal } from "node:assert/strict";
import { at } from "../../in_memory/read_answer.ts";
import {
  createMember,
  createPerson,
  createTenant,
  type Tenant,
} from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { connectTenant, listMethods, post, readAgent } from "./agents.ts";

/** Every route that changes something, with a body that it obeys. */
const CHANGES: [route: string, body: object][] = [
  ["behavior", { inbound: { name: "Ada" } }],
  ["from-template", { template: "receptionist" }],
  ["activate", { role: "inbound", mode: "limited" }],
  ["pause", { role: "inbound" }],
  ["rollback", { role: "inbound", revision: 1 }],
  ["orphans", {}],
  ["sync", {}],
];

type Asker = (tenant: Tenant) => Promise<string>;

const ASKERS: [name: string, asker: Asker, allowed: boolean][] = [
  ["the owner", ({ owner }) => Promise.resolve(owner.token), true],
  ["an administrator", async ({ orgId }) => (await createMember(orgId, "admin")).token, true],
  ["the parent organization's owner", ownParent, true],
  ["a member", async ({ orgId }) => (await createMember(orgId, "member")).token, false],
  ["a viewer", async ({ orgId }) => (await createMember(orgId, "viewer")).token, false],
  ["an outsider", async () => (await createPerson("outsider")).token, false],
  ["another organization's owner", async () => (await createTenant()).owner.token, false],
  ["a child organization's owner", ownChild, false],
];

async function ownParent({ orgId }: Tenant): Promise<string> {
  const parent = await createTenant();
  await setParent(orgId, parent.orgId);
  return parent.owner.token;
}

async function ownChild({ orgId }: Tenant): Promise<string> {
  const child = await createTenant();
  await setParent(child.orgId, orgId);
  return child.owner.token;
}

async function setParent(orgId: string, parentId: string): Promise<void> {
  await queryDatabase(
    "update public.organizations set parent_id = $2::text::uuid where id = $1::text::uuid",
    [orgId, parentId],
  );
}

for (const [name, asker, allowed] of ASKERS) {
  Deno.test(`agents: ${name} ${allowed ? "changes" : "can't change"} them`, async () => {
    const tenant = await connectTenant();
    await queryDatabase(
      `update public.organization_settings
       set business_hours = '{"monday": ["08:00-17:00"]}', transfer_number = '+15005550199'
       where org_id = $1::text::uuid`,
      [tenant.orgId],
    );
    const token = await asker(tenant);
    for (const [route, body] of CHANGES) {
      const answer = await post(tenant, route, body, { token });
      equal(answer.status, allowed ? 200 : 403, `${route}: ${answer.text}`);
      if (!allowed) equal(at(answer.body, "code"), "forbidden", route);
    }
    if (allowed) return;
    const { revision, state } = await readAgent(tenant, "inbound");
    deepEqual({ revision, state }, { revision: 1, state: "draft" });
    deepEqual(await listMethods(tenant), []);
  });
}
