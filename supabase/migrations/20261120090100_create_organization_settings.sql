-- How an organization wants its agents to behave, whatever the provider: one row each, made with it.

create table public.organization_settings (
  org_id uuid not null,
  business_hours jsonb not null default '{}',
  quiet_hours jsonb not null default '{}',
  -- When we may call people who asked for it, written as business hours are; empty: in business hours.
  calling_hours jsonb not null default '{}',
  -- Whom we may call, as ISO 3166 has countries; empty: the country of the number that we call from.
  call_countries text[] not null default '{}',
  time_zone text not null default 'UTC',
  language text not null default 'en',
  currency text not null default 'RWF',
  fallback_text text not null default 'Sorry, nobody can take your call at the moment. Please try again later.',
  transfer_number text,
  test_numbers text[] not null default '{}',
  drift_policy text not null default 'report',
  missed_call_follow_up boolean not null default false,
  template_names jsonb not null default '{}',
  daily_token_budget integer not null default 500000,
  daily_call_minutes integer not null default 600,
  -- Names of the functions' registry of tools; none: all that an agent, or a voice agent's role, has.
  enabled_tools text[] not null default '{}',
  auto_sync boolean not null default true,
  phone_knowledge_mode text not null default 'query_tool',
  -- Part of every webhook secret given to Vapi: raising it makes all older secrets worthless.
  webhook_secret_version integer not null default 1,
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint organization_settings_pkey primary key (org_id),
  constraint organization_settings_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint organization_settings_business_hours_is_an_object check (jsonb_typeof(business_hours) = 'object'),
  constraint organization_settings_quiet_hours_is_an_object check (jsonb_typeof(quiet_hours) = 'object'),
  constraint organization_settings_calling_hours_is_an_object check (jsonb_typeof(calling_hours) = 'object'),
  constraint organization_settings_call_countries_are_iso_3166
    check (array_to_string(call_countries, ',', '?') ~ '^([A-Z]{2}(,[A-Z]{2})*)?$'),
  constraint organization_settings_template_names_is_an_object check (jsonb_typeof(template_names) = 'object'),
  constraint organization_settings_time_zone_is_not_empty check (time_zone <> ''),
  constraint organization_settings_language_is_a_tag check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  constraint organization_settings_currency_is_iso_4217 check (currency ~ '^[A-Z]{3}$'),
  constraint organization_settings_enabled_tools_are_at_most_100
    check (cardinality(enabled_tools) <= 100 and array_position(enabled_tools, null) is null),
  constraint organization_settings_fallback_text_is_1_to_1000_characters
    check (char_length(fallback_text) between 1 and 1000),
  constraint organization_settings_transfer_number_is_e164 check (transfer_number ~ '^\+[1-9][0-9]{6,14}$'),
  constraint organization_settings_drift_policy_is_known check (drift_policy in ('repair', 'report')),
  constraint organization_settings_phone_knowledge_mode_is_known
    check (phone_knowledge_mode in ('query_tool', 'own_index')),
  constraint organization_settings_daily_token_budget_is_not_negative check (daily_token_budget >= 0),
  constraint organization_settings_daily_call_minutes_is_not_negative check (daily_call_minutes >= 0),
  constraint organization_settings_webhook_secret_version_is_positive check (webhook_secret_version > 0)
);

create function private.bump_revision() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.revision := old.revision + 1;
  new.updated_at := now();
  return new;
end
$$;
revoke all on function private.bump_revision() from public, anon, authenticated;

create trigger organization_settings_bump_revision before update on public.organization_settings
  for each row when (old.* is distinct from new.*) execute function private.bump_revision();

create function private.create_organization_settings() returns trigger
language plpgsql set search_path = '' as $$
begin
  insert into public.organization_settings (org_id) values (new.id) on conflict (org_id) do nothing;
  return null;
end
$$;
revoke all on function private.create_organization_settings() from public, anon, authenticated;

create trigger organizations_create_settings after insert on public.organizations
  for each row execute function private.create_organization_settings();

alter table public.organization_settings enable row level security;
revoke all on table public.organization_settings from public, anon, authenticated, service_role;
grant select on table public.organization_settings to authenticated;
grant select, insert, update, delete on table public.organization_settings to service_role;
create policy "members read the settings of their organizations" on public.organization_settings
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));
