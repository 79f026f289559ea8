-- Who did what to an organization, and who was refused. The service role can add to it, not rewrite it.

create table public.audit_log (
  id uuid not null default gen_random_uuid(),
  -- Null when the organization is gone, or never existed.
  org_id uuid,
  actor text not null,
  action text not null,
  subject text,
  request_id text,
  details jsonb not null default '{}',
  created_at timestamptz not null default now(),
  constraint audit_log_pkey primary key (id),
  constraint audit_log_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete set null,
  constraint audit_log_action_is_snake_case check (action ~ '^[a-z][a-z0-9_]{0,99}$'),
  constraint audit_log_details_is_an_object check (jsonb_typeof(details) = 'object')
);
create index audit_log_org_id_created_at_idx on public.audit_log (org_id, created_at desc);
create index audit_log_actor_created_at_idx on public.audit_log (actor, created_at desc);

alter table public.audit_log enable row level security;
revoke all on table public.audit_log from public, anon, authenticated, service_role;
grant select, insert on table public.audit_log to service_role;
create policy "only the service role reads audit_log" on public.audit_log
  for select to service_role using (true);

create function private.record_audit(
  p_org_id uuid,
  p_action text,
  p_subject text,
  p_request_id text,
  p_details jsonb
) returns void
language plpgsql set search_path = '' as $$
begin
  insert into public.audit_log (org_id, actor, action, subject, request_id, details)
  values (
    p_org_id, private.current_actor(), p_action, p_subject, p_request_id, coalesce(p_details, '{}')
  );
end
$$;
revoke all on function private.record_audit(uuid, text, text, text, jsonb) from public, anon, authenticated;
grant execute on function private.record_audit(uuid, text, text, text, jsonb) to service_role;
