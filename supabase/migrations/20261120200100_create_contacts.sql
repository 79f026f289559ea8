-- A person, whatever the channel, and the names by which providers know that person. A WhatsApp user
-- may be known by a phone number, by a business-scoped user id (BSUID), or by both.

create table public.contacts (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  name text,
  username text,
  -- What rollout buckets are made of. Set at first sight and never changed: a person who changes
  -- number stays in the same bucket.
  rollout_key text not null,
  -- Two contacts turned out to be one person: this one is kept for whatever still points at it.
  merged_into_id uuid,
  merged_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint contacts_pkey primary key (id),
  constraint contacts_org_id_id_unique unique (org_id, id),
  constraint contacts_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint contacts_merged_into_fkey foreign key (org_id, merged_into_id)
    references public.contacts (org_id, id) on delete cascade,
  constraint contacts_name_is_at_most_300_characters check (char_length(name) <= 300),
  constraint contacts_username_is_at_most_300_characters check (char_length(username) <= 300),
  constraint contacts_rollout_key_is_1_to_200_characters check (char_length(rollout_key) between 1 and 200),
  constraint contacts_merge_has_its_timestamp check ((merged_into_id is null) = (merged_at is null)),
  constraint contacts_is_not_merged_into_itself check (merged_into_id <> id)
);
create index contacts_merged_into_idx on public.contacts (merged_into_id, org_id);

create table public.contact_identities (
  org_id uuid not null,
  kind text not null,
  value text not null,
  contact_id uuid not null,
  created_at timestamptz not null default now(),
  constraint contact_identities_pkey primary key (org_id, kind, value),
  constraint contact_identities_contact_fkey foreign key (org_id, contact_id)
    references public.contacts (org_id, id) on delete cascade,
  constraint contact_identities_kind_is_known check (kind in ('phone', 'bsuid')),
  constraint contact_identities_phone_is_digits check (kind <> 'phone' or value ~ '^[1-9][0-9]{4,14}$'),
  constraint contact_identities_value_is_1_to_200_characters check (char_length(value) between 1 and 200)
);
create index contact_identities_contact_idx on public.contact_identities (contact_id, org_id);

-- Who doesn't want messages that we start. Replies stay allowed.
create table public.contact_opt_outs (
  org_id uuid not null,
  contact_id uuid not null,
  state text not null default 'opted_out',
  -- What the person wrote, or 'provider' where WhatsApp told us.
  reason text not null,
  opted_out_at timestamptz not null default now(),
  opted_in_at timestamptz,
  constraint contact_opt_outs_pkey primary key (org_id, contact_id),
  constraint contact_opt_outs_contact_fkey foreign key (org_id, contact_id)
    references public.contacts (org_id, id) on delete cascade,
  constraint contact_opt_outs_state_is_known check (state in ('opted_out', 'opted_in')),
  constraint contact_opt_outs_state_has_its_timestamp check ((state = 'opted_in') = (opted_in_at is not null))
);

alter table public.contacts enable row level security;
revoke all on table public.contacts from public, anon, authenticated, service_role;
grant select on table public.contacts to authenticated;
grant select, insert, update, delete on table public.contacts to service_role;
create policy "members read the contacts of their organizations" on public.contacts
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

alter table public.contact_identities enable row level security;
revoke all on table public.contact_identities from public, anon, authenticated, service_role;
grant select on table public.contact_identities to authenticated;
grant select, insert, update, delete on table public.contact_identities to service_role;
create policy "members read how contacts of their organizations are known" on public.contact_identities
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

alter table public.contact_opt_outs enable row level security;
revoke all on table public.contact_opt_outs from public, anon, authenticated, service_role;
grant select on table public.contact_opt_outs to authenticated;
grant select, insert, update, delete on table public.contact_opt_outs to service_role;
create policy "members read who opted out in their organizations" on public.contact_opt_outs
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

-- A number however it is written: '+250 788-123-456', '00250788123456' and '250788123456' are one.
-- Null for what isn't a number ('anonymous').
create function private.phone_digits(p_phone text) returns text
language plpgsql immutable set search_path = '' as $$
declare
  v_digits constant text := regexp_replace(regexp_replace(coalesce(p_phone, ''), '[^0-9]', '', 'g'), '^0+', '');
begin
  return case when v_digits ~ '^[1-9][0-9]{4,14}$' then v_digits end;
end
$$;
revoke all on function private.phone_digits(text) from public, anon, authenticated;
grant execute on function private.phone_digits(text) to service_role;
