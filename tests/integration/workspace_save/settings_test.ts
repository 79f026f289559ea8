import { deepEqual, equal } from "node:assert/strict";
import { at, fieldsOf } from "../../in_memory/read_answer.ts";
import { createTenant, type Tenant } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { saveWorkspace } from "../support/workspace.ts";

const SETTINGS = {
  business_hours: { monday: ["08:00-17:00"] },
  calling_hours: { monday: ["09:00-12:00"] },
  quiet_hours: { daily: ["21:00-07:00"] },
  call_countries: ["RW"],
  daily_call_minutes: 30,
  daily_token_budget: 1000,
  time_zone: "Africa/Kigali",
  language: "rw",
  transfer_number: "+250788123456",
  test_numbers: ["+250788123457"],
};

async function readSettings({ orgId }: Tenant): Promise<Record<string, unknown>> {
  const [row] = await queryDatabase<{ settings: Record<string, unknown> }>(
    `select to_jsonb(settings) as settings from public.organization_settings as settings
     where org_id = $1::text::uuid`,
    [orgId],
  );
  return row!.settings;
}
const pick = (row: Record<string, unknown>) =>
  Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, row[name]]));

Deno.test("settings: a save tries them, stores them, and changes none that it doesn't name", async () => {
  const [tenant, other] = await Promise.all([createTenant(), createTenant()]);
  const before = await readSettings(tenant);

  const tried = await saveWorkspace(tenant, { body: SETTINGS, query: "?dry_run=true" });
  equal(tried.status, 200, tried.text);
  deepEqual(at(tried.body, "changes.settings.language"), { from: "en", to: "rw" });
  deepEqual(
    Object.keys(at(tried.body, "changes.settings") as object).toSorted(),
    Object.keys(SETTINGS).toSorted(),
  );
  deepEqual(await readSettings(tenant), before);

  const saved = await saveWorkspace(tenant, { body: SETTINGS });
  equal(saved.status, 200, saved.text);
  const stored = await readSettings(tenant);
  deepEqual(pick(stored), SETTINGS);
  equal(stored["fallback_text"], before["fallback_text"]);
  deepEqual(pick(await readSettings(other)), pick(before));

  const without = await saveWorkspace(tenant);
  equal(without.status, 200, without.text);
  deepEqual(pick(await readSettings(tenant)), SETTINGS);

  equal((await saveWorkspace(tenant, { body: { transfer_number: null } })).status, 200);
  deepEqual(pick(await readSettings(tenant)), { ...SETTINGS, transfer_number: null });
});

Deno.test("settings: what isn't one is refused by its path, and nothing is stored", async () => {
  const tenant = await createTenant();
  const before = await readSettings(tenant);
  const { status, body } = await saveWorkspace(tenant, {
    body: {
      language: "rw",
      business_hours: { monday: ["8-17"] },
      call_countries: ["RW", "Kenya"],
      time_zone: "Mars/Olympus",
      daily_call_minutes: -1,
    },
  });
  equal(status, 400);
  equal(body.code, "invalid_input");
  deepEqual(fieldsOf(body).toSorted(), [
    "business_hours.monday.0",
    "call_countries.1",
    "daily_call_minutes",
    "time_zone",
  ]);
  deepEqual(await readSettings(tenant), before);
});
