-- Switches and defaults of the whole product, changed by operators (plain SQL included) and
-- recorded in full, so that any change can be taken back.

create table public.app_config (
  key text not null,
  value jsonb not null,
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint app_config_pkey primary key (key),
  constraint app_config_key_is_snake_case check (key ~ '^[a-z][a-z0-9_]{0,99}$')
);

create table public.app_config_history (
  id uuid not null default gen_random_uuid(),
  key text not null,
  operation text not null,
  actor text not null,
  reason text,
  value_before jsonb,
  value_after jsonb,
  changed_at timestamptz not null default clock_timestamp(),
  constraint app_config_history_pkey primary key (id),
  constraint app_config_history_operation_is_known check (operation in ('insert', 'update', 'delete')),
  constraint app_config_history_values_fit_the_operation check (
    (value_before is null) = (operation = 'insert') and (value_after is null) = (operation = 'delete')
  )
);
create index app_config_history_key_changed_at_idx on public.app_config_history (key, changed_at desc);

create trigger app_config_bump_revision before update on public.app_config
  for each row when (old.value is distinct from new.value) execute function private.bump_revision();

-- Who is changing a row: whoever the running function says, else the signed-in person, else the
-- database role. Not current_user, which is the owner inside a security definer trigger.
create function private.current_actor() returns text
language plpgsql stable set search_path = '' as $$
begin
  return coalesce(
    nullif(current_setting('app.actor', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub',
    nullif(current_setting('role', true), 'none'),
    session_user
  );
end
$$;
revoke all on function private.current_actor() from public, anon, authenticated;
grant execute on function private.current_actor() to service_role;

-- Security definer: history is written by this trigger alone, nobody needs the right to write it.
create function private.record_app_config_change() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.app_config_history (key, operation, actor, reason, value_before, value_after)
  values (
    case when tg_op = 'DELETE' then old.key else new.key end,
    lower(tg_op),
    private.current_actor(),
    nullif(current_setting('app.reason', true), ''),
    case when tg_op <> 'INSERT' then old.value end,
    case when tg_op <> 'DELETE' then new.value end
  );
  return null;
end
$$;
revoke all on function private.record_app_config_change() from public, anon, authenticated;

create function private.refuse_app_config_rename() returns trigger
language plpgsql set search_path = '' as $$
begin
  raise exception 'Cannot rename app_config "%": its history is kept by key; insert the new key and delete the old', old.key
    using errcode = 'check_violation', constraint = 'app_config_key_is_permanent';
end
$$;
revoke all on function private.refuse_app_config_rename() from public, anon, authenticated;

create function private.refuse_app_config_truncate() returns trigger
language plpgsql set search_path = '' as $$
begin
  raise exception 'Cannot truncate %: what was in force is kept by the row; delete rows of app_config', tg_table_name
    using errcode = 'check_violation', constraint = 'app_config_history_is_kept';
end
$$;
revoke all on function private.refuse_app_config_truncate() from public, anon, authenticated;

create trigger app_config_refuse_truncate before truncate on public.app_config
  for each statement execute function private.refuse_app_config_truncate();
create trigger app_config_history_refuse_truncate before truncate on public.app_config_history
  for each statement execute function private.refuse_app_config_truncate();
create trigger app_config_refuse_rename before update on public.app_config
  for each row when (old.key <> new.key) execute function private.refuse_app_config_rename();
create trigger app_config_record_insert_or_delete after insert or delete on public.app_config
  for each row execute function private.record_app_config_change();
create trigger app_config_record_update after update on public.app_config
  for each row when (old.value is distinct from new.value)
  execute function private.record_app_config_change();

alter table public.app_config enable row level security;
revoke all on table public.app_config from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.app_config to service_role;
create policy "only the service role reaches app_config" on public.app_config
  for all to service_role using (true) with check (true);

alter table public.app_config_history enable row level security;
revoke all on table public.app_config_history from public, anon, authenticated, service_role;
grant select on table public.app_config_history to service_role;
create policy "only the service role reads app_config_history" on public.app_config_history
  for select to service_role using (true);

do $$
begin
  perform set_config('app.actor', 'migration', true);
  perform set_config('app.reason', 'Defaults of a new installation', true);
  insert into public.app_config (key, value) values
    ('unified_service_flags', '{
      "unifiedServiceEnabled": true,
      "unifiedServiceRolloutPercent": 0,
      "agentFlags": {
        "marketplace": true, "jobs": true, "property": true, "farmer": true, "waiter": true,
        "insurance": true, "rides": true, "sales": true, "business_broker": true, "support": true
      },
      "features": {
        "crossDomainHandoffs": true, "unifiedSearch": false, "sharedPreferences": false, "hybridFlows": true
      }
    }'),
    ('voice_defaults', '{
      "model": {"provider": "openai", "model": "gpt-4.1", "temperature": 0.4},
      "transcriber": {"provider": "deepgram", "model": "nova-3"},
      "voice": {"provider": "vapi", "voiceId": "Elliot"}
    }'),
    ('credential_check_hours', '24'),
    ('finished_job_retention_days', '7')
  on conflict (key) do nothing;
  perform set_config('app.actor', '', true);
  perform set_config('app.reason', '', true);
end
$$;

-- The change that one history row records, taken back: {history_id, reason, user_id} ->
-- {code: 'reverted', key, value} (value null: the key is gone again) | 'unchanged' | 'not_found'.
create function public.revert_app_config(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_change public.app_config_history;
  v_current jsonb;
begin
  perform set_config('app.actor', coalesce(nullif(request ->> 'user_id', ''), 'system'), true);
  perform set_config('app.reason', coalesce(request ->> 'reason', ''), true);

  select * into v_change
  from public.app_config_history as history
  where history.id = (request ->> 'history_id')::uuid;
  if not found then
    return jsonb_build_object('code', 'not_found');
  end if;

  select config.value into v_current
  from public.app_config as config
  where config.key = v_change.key
  for update;
  if v_current is not distinct from v_change.value_before then
    return jsonb_build_object('code', 'unchanged', 'key', v_change.key, 'value', v_current);
  end if;

  if v_change.value_before is null then
    delete from public.app_config as config where config.key = v_change.key;
  else
    insert into public.app_config (key, value) values (v_change.key, v_change.value_before)
    on conflict (key) do update set value = excluded.value;
  end if;
  return jsonb_build_object('code', 'reverted', 'key', v_change.key, 'value', v_change.value_before);
end
$$;
revoke all on function public.revert_app_config(jsonb) from public, anon, authenticated;
grant execute on function public.revert_app_config(jsonb) to service_role;
