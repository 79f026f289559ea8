-- Whether the database has what the functions of a release need: what `GET /health?ready=1` asks.

-- Security definer: the service reads neither the history of migrations, nor cron's lines, nor the vault.
-- Names, never a secret.
create function private.look_at_readiness() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_schema_version text;
  v_cron_lines integer;
  v_vault_names jsonb;
begin
  if to_regclass('supabase_migrations.schema_migrations') is not null then
    execute 'select max(migration.version) from supabase_migrations.schema_migrations as migration' into v_schema_version;
  end if;
  if to_regclass('cron.job') is not null then
    execute $query$ select count(*) from cron.job as line where line.jobname like 'worker\_%' and line.active $query$
    into v_cron_lines;
  end if;
  if to_regclass('vault.secrets') is not null then
    execute $query$
      select coalesce(jsonb_agg(secret.name order by secret.name), '[]') from vault.secrets as secret
      where secret.name in ('project_url', 'worker_secret_key')
    $query$ into v_vault_names;
  end if;
  return jsonb_build_object(
    'schema_version', v_schema_version, 'cron_lines', v_cron_lines, 'vault_names', v_vault_names
  );
end
$$;
revoke all on function private.look_at_readiness() from public, anon, authenticated;
grant execute on function private.look_at_readiness() to service_role;

-- {} -> 'read' {schema_version (of the last migration that was applied) | null, cron_lines (of the worker's that are
-- active) | null without pg_cron, vault_names (of those that the clock needs) | null without a vault,
-- seconds_since_heartbeat | null}.
create function public.read_readiness(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return private.look_at_readiness() || jsonb_build_object(
    'code', 'read',
    'seconds_since_heartbeat', (
      select floor(extract(epoch from clock_timestamp() - max(heartbeat.last_heartbeat_at)))::integer
      from public.worker_heartbeats as heartbeat
    )
  );
end
$$;
revoke all on function public.read_readiness(jsonb) from public, anon, authenticated;
grant execute on function public.read_readiness(jsonb) to service_role;
