-- What a person should look at. An alert that is raised again while open counts up instead of
-- repeating, and is resolved by what raised it.

create table public.alerts (
  id uuid not null default gen_random_uuid(),
  -- Null for what concerns no single organization.
  org_id uuid,
  rule text not null,
  dedupe_key text not null default '',
  severity text not null,
  message text not null,
  details jsonb not null default '{}',
  state text not null default 'raised',
  occurrences integer not null default 1,
  raised_at timestamptz not null default now(),
  last_raised_at timestamptz not null default now(),
  acknowledged_at timestamptz,
  acknowledged_by text,
  resolved_at timestamptz,
  constraint alerts_pkey primary key (id),
  constraint alerts_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint alerts_rule_is_snake_case check (rule ~ '^[a-z][a-z0-9_]{0,99}$'),
  constraint alerts_severity_is_known check (severity in ('info', 'warning', 'critical')),
  constraint alerts_state_is_known check (state in ('raised', 'acknowledged', 'resolved')),
  constraint alerts_state_has_its_timestamp check (
    (state = 'resolved') = (resolved_at is not null)
    and (state <> 'acknowledged' or acknowledged_at is not null)
  ),
  constraint alerts_details_is_an_object check (jsonb_typeof(details) = 'object')
);
create unique index alerts_open_unique on public.alerts (org_id, rule, dedupe_key) nulls not distinct
  where state <> 'resolved';
create index alerts_org_id_raised_at_idx on public.alerts (org_id, raised_at desc);

alter table public.alerts enable row level security;
revoke all on table public.alerts from public, anon, authenticated, service_role;
grant select on table public.alerts to authenticated;
grant select, insert, update, delete on table public.alerts to service_role;
create policy "members read the alerts of their organizations" on public.alerts
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('viewer'))::uuid[]));

-- Answers {code: 'raised', id, occurrences}; 1 occurrence means that it is new.
create function public.raise_alert(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_alert public.alerts;
begin
  insert into public.alerts as alert (org_id, rule, dedupe_key, severity, message, details)
  values (
    (request ->> 'org_id')::uuid,
    request ->> 'rule',
    coalesce(request ->> 'dedupe_key', ''),
    request ->> 'severity',
    request ->> 'message',
    coalesce(nullif(request -> 'details', 'null'), '{}')
  )
  on conflict (org_id, rule, dedupe_key) where state <> 'resolved' do update set
    severity = excluded.severity,
    message = excluded.message,
    details = excluded.details,
    occurrences = alert.occurrences + 1,
    last_raised_at = excluded.last_raised_at
  returning * into v_alert;
  return jsonb_build_object('code', 'raised', 'id', v_alert.id, 'occurrences', v_alert.occurrences);
end
$$;
revoke all on function public.raise_alert(jsonb) from public, anon, authenticated;
grant execute on function public.raise_alert(jsonb) to service_role;

-- Answers {code: 'resolved', id} or {code: 'not_raised'}.
create function public.resolve_alert(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_id uuid;
begin
  update public.alerts as alert
  set state = 'resolved', resolved_at = now()
  where alert.org_id is not distinct from (request ->> 'org_id')::uuid
    and alert.rule = request ->> 'rule'
    and alert.dedupe_key = coalesce(request ->> 'dedupe_key', '')
    and alert.state <> 'resolved'
  returning alert.id into v_id;
  if v_id is null then
    return jsonb_build_object('code', 'not_raised');
  end if;
  return jsonb_build_object('code', 'resolved', 'id', v_id);
end
$$;
revoke all on function public.resolve_alert(jsonb) from public, anon, authenticated;
grant execute on function public.resolve_alert(jsonb) to service_role;
