-- An organization's provider accounts. What may be shown is in public.integrations; the secret itself
-- is ciphertext in a schema that the Data API doesn't expose.

create table public.integrations (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  provider text not null,
  connected boolean not null default false,
  connected_at timestamptz,
  disconnected_at timestamptz,
  -- The beginning of a SHA-256 of the secret, which is random: tells whether a key is the one already
  -- stored, without reading it.
  fingerprint text,
  last_four text,
  public_config jsonb not null default '{}',
  last_checked_at timestamptz,
  last_error text,
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint integrations_pkey primary key (id),
  constraint integrations_org_id_provider_unique unique (org_id, provider),
  constraint integrations_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint integrations_provider_is_known check (provider in ('vapi', 'twilio', 'whatsapp')),
  constraint integrations_public_config_is_an_object check (jsonb_typeof(public_config) = 'object'),
  constraint integrations_last_four_is_at_most_four_characters check (char_length(last_four) <= 4),
  constraint integrations_connected_has_a_fingerprint check (connected = (fingerprint is not null))
);

-- A phone number answers for one organization only, so each of these also finds the organization
-- that a message or a call is for.
create unique index integrations_whatsapp_phone_number_id_unique
  on public.integrations ((public_config ->> 'phone_number_id'))
  where provider = 'whatsapp' and connected;
create unique index integrations_whatsapp_business_account_id_unique
  on public.integrations ((public_config ->> 'business_account_id'))
  where provider = 'whatsapp' and connected;
create unique index integrations_twilio_from_number_unique
  on public.integrations ((public_config ->> 'from_number'))
  where provider = 'twilio' and connected;
-- The worker looks for the credentials that were checked longest ago.
create index integrations_connected_last_checked_at_idx
  on public.integrations (last_checked_at) where connected;
-- And for the deliveries that nobody has subscribed to.
create index integrations_whatsapp_unsubscribed_idx
  on public.integrations (org_id)
  where provider = 'whatsapp' and connected
    and (not public_config ? 'subscribed_at' or public_config ? 'push_error');

create trigger integrations_touch_updated_at before update on public.integrations
  for each row execute function private.touch_updated_at();

alter table public.integrations enable row level security;
revoke all on table public.integrations from public, anon, authenticated, service_role;
-- Neither the fingerprint nor public_config: what Vapi had on a number before us is kept in there.
grant select (
  id, org_id, provider, connected, connected_at, disconnected_at, last_four,
  last_checked_at, last_error, revision, created_at, updated_at
) on table public.integrations to authenticated;
grant select, insert, update, delete on table public.integrations to service_role;
create policy "members read the masked integrations of their organizations" on public.integrations
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('viewer'))::uuid[]));

create table private.integration_credentials (
  org_id uuid not null,
  provider text not null,
  ciphertext text not null,
  key_id text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint integration_credentials_pkey primary key (org_id, provider),
  constraint integration_credentials_integration_fkey foreign key (org_id, provider)
    references public.integrations (org_id, provider) on delete cascade,
  constraint integration_credentials_ciphertext_is_a_compact_jwe check (ciphertext ~ '^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$'),
  constraint integration_credentials_key_id_is_not_empty check (key_id <> '')
);
-- Key rotation walks over what an older key encrypted.
create index integration_credentials_key_id_idx on private.integration_credentials (key_id, org_id, provider);

create trigger integration_credentials_touch_updated_at before update on private.integration_credentials
  for each row execute function private.touch_updated_at();

-- The service role reaches it through functions only: the schema isn't exposed. The functions run as
-- their caller, so the caller needs the right, and nothing runs with the owner's.
alter table private.integration_credentials enable row level security;
revoke all on table private.integration_credentials from public, anon, authenticated, service_role;
grant select, insert, update, delete on table private.integration_credentials to service_role;
create policy "only the service role reaches credentials" on private.integration_credentials
  for all to service_role using (true) with check (true);
