-- Appointments, tables, viewings: a resource's time, given to one person at a time.

create table public.bookings (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  -- Null for a caller whose number is withheld.
  contact_id uuid,
  resource text not null,
  -- For the constraint below, which compares ranges only: nothing but core PostgreSQL is needed for it.
  resource_key bigint generated always as (hashtextextended(org_id::text || '/' || resource, 0)) stored,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  details jsonb not null default '{}',
  state text not null default 'booked',
  booked_at timestamptz not null default now(),
  cancelled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint bookings_pkey primary key (id),
  constraint bookings_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint bookings_contact_fkey foreign key (org_id, contact_id)
    references public.contacts (org_id, id) on delete cascade,
  constraint bookings_resource_is_1_to_200_characters check (char_length(resource) between 1 and 200),
  constraint bookings_lasts_a_minute_to_a_day
    check (ends_at >= starts_at + interval '1 minute' and ends_at <= starts_at + interval '24 hours'),
  constraint bookings_details_is_an_object check (jsonb_typeof(details) = 'object'),
  constraint bookings_details_is_at_most_20000_characters check (char_length(details::text) <= 20000),
  constraint bookings_state_is_known check (state in ('booked', 'cancelled')),
  constraint bookings_state_has_its_timestamp check ((state = 'cancelled') = (cancelled_at is not null)),
  constraint bookings_slot_is_free exclude using gist (
    int8range(resource_key, resource_key, '[]') with &&,
    tstzrange(starts_at, ends_at) with &&
  ) where (state = 'booked')
);
create index bookings_resource_idx on public.bookings (org_id, resource, starts_at);
create index bookings_contact_idx on public.bookings (org_id, contact_id, starts_at desc);

create trigger bookings_touch_updated_at before update on public.bookings
  for each row execute function private.touch_updated_at();

alter table public.bookings enable row level security;
revoke all on table public.bookings from public, anon, authenticated, service_role;
grant select on table public.bookings to authenticated;
grant select, insert, update, delete on table public.bookings to service_role;
create policy "members read the bookings of their organizations" on public.bookings
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));
