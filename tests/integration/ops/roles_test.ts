import { deepEqual, equal } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createPerson, createTenant, type Person } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { ask, createFailed, createOpsTenant, createWait, type OpsTenant } from "./support.ts";

type Least = "member" | "admin";
type Made = { wait: string; failed: string; contact: string };
type Route = [
  method: "GET" | "POST",
  path: (made: Made) => string,
  body: object | null,
  least: Least,
];

/** Every route for an organization's own people, and the least role that it takes. */
const ROUTES: Route[] = [
  ["GET", () => "/hand-overs", null, "member"],
  ["GET", ({ wait }) => `/hand-overs/${wait}`, null, "member"],
  ["POST", ({ wait }) => `/hand-overs/${wait}/take`, null, "member"],
  ["POST", ({ wait }) => `/hand-overs/${wait}/reply`, { text: "Hello" }, "member"],
  ["POST", ({ wait }) => `/hand-overs/${wait}/release`, null, "member"],
  ["GET", () => "/agents", null, "member"],
  ["POST", () => "/agents/jobs/switch", { on: true, reason: "Mended" }, "admin"],
  ["GET", () => "/failed-conversations", null, "member"],
  ["GET", ({ failed }) => `/failed-conversations/${failed}`, null, "member"],
  ["POST", ({ failed }) => `/failed-conversations/${failed}/review`, {}, "member"],
  ["POST", ({ failed }) => `/failed-conversations/${failed}/replay`, null, "admin"],
  ["GET", ({ contact }) => `/contacts/${contact}/timeline`, null, "member"],
];

const ASKERS: [
  name: string,
  person: (tenant: OpsTenant) => Promise<Person>,
  may: (least: Least) => boolean,
][] = [
  ["the owner", (tenant) => Promise.resolve(tenant.owner), () => true],
  ["an administrator", (tenant) => Promise.resolve(tenant.admin), () => true],
  ["a member", (tenant) => Promise.resolve(tenant.member), (least) => least === "member"],
  ["a viewer", (tenant) => Promise.resolve(tenant.viewer), () => false],
  ["an outsider", () => createPerson("outsider"), () => false],
  ["another organization's owner", async () => (await createOpsTenant()).owner, () => false],
];

for (const [name, person, may] of ASKERS) {
  Deno.test(`ops: what ${name} may do`, async (test) => {
    const tenant = await createOpsTenant();
    const [wait, failed] = await Promise.all([createWait(tenant), createFailed(tenant)]);
    const made = { wait: wait.id, failed: failed.id, contact: wait.contactId };
    const asker = await person(tenant);
    for (const [method, path, body, least] of ROUTES) {
      await test.step(`${method} ${path({ wait: ":id", failed: ":id", contact: ":id" })}`, async () => {
        const answer = await ask(path(made), asker, {
          method,
          key: randomUUID(),
          headers: { "x-org-id": tenant.orgId },
          ...(body === null ? {} : { body }),
        });
        deepEqual(
          [answer.status, answer.body["code"]],
          may(least) ? [200, undefined] : [403, "forbidden"],
          answer.text,
        );
      });
    }
  });
}

Deno.test("ops: nobody gets anywhere without a token", async () => {
  const id = randomUUID();
  for (const [method, path, body] of ROUTES) {
    const answer = await ask(path({ wait: id, failed: id, contact: id }), { token: "no" }, {
      method,
      ...(body === null ? {} : { body }),
    });
    equal(answer.status, 401, answer.text);
  }
});

/** Every route that an operator may look at anybody with, and an owner at the own organization. */
const READS: [method: "GET" | "POST", path: string, operation: string][] = [
  ["GET", "/metrics?", "read_metrics"],
  ["GET", "/slo?", "read_service_levels"],
  ["GET", "/events?", "read_events"],
  ["GET", "/costs?", "read_costs"],
  ["GET", "/alerts?", "read_alerts"],
  ["POST", `/alerts/${randomUUID()}/ack?`, "acknowledge_alert"],
  ["GET", "/flags?", "read_flags"],
  ["GET", "/flags/explain?contact=250788123456&", "explain_flags"],
  ["GET", `/timeline?contact=${randomUUID()}&`, "read_timeline"],
  ["GET", "/dead-letters?", "read_dead_letters"],
];

Deno.test("ops: an owner who asks for another's is refused, and that is on record", async () => {
  const [tenant, asker] = await Promise.all([createTenant(), createTenant()]);
  for (const [method, path] of READS) {
    const answer = await ask(`${path}org_id=${tenant.orgId}`, asker.owner, { method });
    deepEqual([answer.status, answer.body["code"]], [403, "forbidden"], answer.text);
  }
  const refused = await queryDatabase<{ operation: string }>(
    `select details ->> 'operation' as operation from public.audit_log
     where org_id = $1::text::uuid and actor = $2 and action = 'access_refused' order by created_at, id`,
    [tenant.orgId, asker.owner.id],
  );
  deepEqual(refused.map(({ operation }) => operation), READS.map(([, , operation]) => operation));
});
