import { join } from "node:path";
import type { Database } from "../../../scripts/local/open_database.ts";
import type { Shell } from "./open_shell.ts";

/** The one of the older product's functions that is deployed. */
export const OLDER_FUNCTION = "wa-webhook-jobs";

/** Shakes hands with Meta as theirs do. */
const SOURCE = `Deno.serve((request) =>
  new Response(new URL(request.url).searchParams.get("hub.challenge") ?? "older"));
`;

/** An older product's function on the project, as its makers deployed it. */
export async function deployOlder(shell: Shell, folder: string, ref: string): Promise<void> {
  const functions = join(folder, "older", "supabase", "functions");
  await Deno.mkdir(join(functions, OLDER_FUNCTION), { recursive: true });
  await Deno.writeTextFile(join(functions, OLDER_FUNCTION, "index.ts"), SOURCE);
  await Deno.writeTextFile(join(functions, OLDER_FUNCTION, "deno.json"), `{"imports": {}}\n`);
  await Deno.writeTextFile(join(functions, "..", "config.toml"), `project_id = "older"\n`);
  const { code, output } = await shell.run(
    `supabase functions deploy ${OLDER_FUNCTION} --use-api --no-verify-jwt --remote=${ref} ` +
      `--workdir '${join(folder, "older")}'`,
  );
  if (code !== 0) throw new Error(output);
}

/** Everybody inside for eight days by what the database writes itself, and somebody's message today. */
export async function holdForAWeek(database: Database, organization: string): Promise<void> {
  await database.query(
    `update public.app_config set value = value || '{"unifiedServiceEnabled": true,
       "unifiedServiceRolloutPercent": 100, "deny": [], "overrides": {}}'
     where key = 'unified_service_flags'`,
  );
  await database.query(
    `update public.app_config_history as change
     set changed_at = now() - make_interval(days => case when change.id = (
       select newest.id from public.app_config_history as newest
       where newest.key = change.key order by newest.changed_at desc limit 1
     ) then 8 else 90 end)
     where change.key = 'unified_service_flags'`,
  );
  await database.query(
    `with contact as (
       insert into public.contacts (org_id, rollout_key) values ($1::text::uuid, '250788000001') returning *
     )
     insert into public.inbound_messages
       (org_id, contact_id, wamid, sequence, type, payload, phone_number_id, disposition, disposed_at)
     select org_id, id, 'wamid.older', 1, 'text', '{}', 'older', 'answered', now() from contact`,
    [organization],
  );
}

/** An older product's table with two listings; where ours is new, its usual names are views of ours. */
export async function plantListings(database: Database): Promise<void> {
  await database.query(
    `create table public.products (
       id uuid primary key default gen_random_uuid(), title text, seller_phone text, price numeric,
       status text, updated_at timestamptz default now()
     )`,
  );
  await database.query("alter table public.products enable row level security");
  await database.query("create policy theirs on public.products for select using (false)");
  await database.query(
    `insert into public.products (title, seller_phone, price, status)
     values ('Bicycle', '250735550001', 90000, 'available'), ('Radio', '250735550002', 12000, 'available')`,
  );
}
