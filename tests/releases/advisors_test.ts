import { deepEqual, equal } from "node:assert/strict";
import { join } from "node:path";
import { openDatabase } from "../../scripts/local/open_database.ts";
import { REPOSITORY } from "../../scripts/local/repository.ts";
import { withDatabase } from "../../scripts/local/with_database.ts";
import { type Advice, compareAdvisors, isSerious } from "../../scripts/release/compare_advisors.ts";
import { askAdvisors, doAdvisorsFail } from "./support/ask_advisors.ts";
import { copyDatabase } from "./support/copy_database.ts";

/**
 * Foreign keys whose index has their columns in the other order: (agent_id, org_id) serves the key
 * (org_id, agent_id) as well, and finds one agent's rows besides. The advisor compares in order.
 */
const INDEXED_IN_OTHER_ORDER = [
  "call_logs_agent_fkey",
  "call_tracking_agent_fkey",
  "call_tracking_contact_fkey",
  "call_tracking_lead_fkey",
  "contact_identities_contact_fkey",
  "contacts_merged_into_fkey",
  "leads_contact_fkey",
  "outbound_messages_session_fkey",
];

/** Foreign keys without an index that begins with their columns, in whichever order. */
const UNINDEXED = `
  select foreign_key.conname as name
  from pg_catalog.pg_constraint as foreign_key
  where foreign_key.contype = 'f' and foreign_key.connamespace::regnamespace::text in ('public', 'private')
    and foreign_key.conparentid = 0
    and not exists (
      select 1
      from pg_catalog.pg_index as index
      where index.indrelid = foreign_key.conrelid and index.indisvalid
        and (string_to_array(index.indkey::text, ' ')::smallint[])[1:cardinality(foreign_key.conkey)] @> foreign_key.conkey
    )
  order by 1`;

/** An empty database uses no index. */
function isAllowed({ name, cache_key }: Advice): boolean {
  return name === "unused_index" || name === "unindexed_foreign_keys" &&
      INDEXED_IN_OTHER_ORDER.some((key) => cache_key.endsWith(`_${key}`));
}

/** What the planted defects are told as. */
const PLANTED = [
  "ERROR auth_users_exposed",
  "ERROR policy_exists_rls_disabled",
  "ERROR rls_disabled_in_public",
  "ERROR rls_references_user_metadata",
  "ERROR security_definer_view",
  "ERROR sensitive_columns_exposed",
  "INFO no_primary_key",
  "INFO rls_enabled_no_policy",
  "INFO unindexed_foreign_keys",
  "WARN auth_rls_initplan",
  "WARN duplicate_index",
  "WARN function_search_path_mutable",
  "WARN materialized_view_in_api",
  "WARN multiple_permissive_policies",
  "WARN rls_policy_always_true",
];

Deno.test("supabase db advisors", async (test) => {
  await withDatabase(join(REPOSITORY, ".local"), async (url) => {
    const advice = await askAdvisors(url);

    await test.step("finds no error and no warning in the migrated database", async () => {
      deepEqual(advice.filter(isSerious), []);
      equal(await doAdvisorsFail(url), false);
    });
    await test.step("tells only what is on the list", () => {
      deepEqual(advice.filter((one) => !isAllowed(one)).map(({ detail }) => detail), []);
    });
    await test.step("and nothing stays on the list that isn't told any more", () => {
      const told = advice.filter(({ name }) => name === "unindexed_foreign_keys");
      deepEqual(
        INDEXED_IN_OTHER_ORDER.filter((key) =>
          !told.some(({ cache_key }) => cache_key.endsWith(`_${key}`))
        ),
        [],
      );
    });
    await test.step("every foreign key has an index", async () => {
      const database = openDatabase(url, { connections: 1 });
      deepEqual(await database.query(UNINDEXED).finally(() => database.close()), []);
    });
    await test.step("reports every defect that is planted in a copy", async () => {
      const copy = await copyDatabase(url, "planted");
      const database = openDatabase(copy, { connections: 1 });
      const script = new URL("support/planted_defects.sql", import.meta.url);
      await database.execute(await Deno.readTextFile(script)).finally(() => database.close());
      const found = compareAdvisors(advice, await askAdvisors(copy))
        .filter(({ name }) => name !== "unused_index");
      deepEqual([...new Set(found.map(({ level, name }) => `${level} ${name}`))].sort(), PLANTED);
      equal(await doAdvisorsFail(copy), true);
    });
  });
});
