-- Two demo organizations and the people to try every role with. Everybody's password is
-- `switchboard-demo`. May be run again: what exists stays as it is.

insert into auth.users (
  instance_id, id, aud, role, email, encrypted_password, email_confirmed_at,
  raw_app_meta_data, raw_user_meta_data, created_at, updated_at,
  -- GoTrue reads these as text and stumbles over a null.
  confirmation_token, recovery_token, email_change_token_new, email_change
)
select
  '00000000-0000-0000-0000-000000000000', person.id::uuid, 'authenticated', 'authenticated', person.email,
  '$2a$10$S7K.f8VnXCp8RGBwUf9krOhktCVp6bmyfKG.yFl46aNrBHR5prh5a', now(),
  '{"provider": "email", "providers": ["email"]}', '{}', now(), now(),
  '', '', '', ''
from (
  values
    ('aaaaaaaa-0000-4000-8000-000000000001', 'owner@demo-clinic.test'),
    ('aaaaaaaa-0000-4000-8000-000000000002', 'admin@demo-clinic.test'),
    ('aaaaaaaa-0000-4000-8000-000000000003', 'member@demo-clinic.test'),
    ('aaaaaaaa-0000-4000-8000-000000000004', 'viewer@demo-clinic.test'),
    ('bbbbbbbb-0000-4000-8000-000000000001', 'owner@demo-market.test'),
    ('cccccccc-0000-4000-8000-000000000001', 'outsider@nowhere.test')
) as person (id, email)
on conflict do nothing;

insert into auth.identities (
  id, user_id, provider_id, provider, identity_data, last_sign_in_at, created_at, updated_at
)
select
  person.id, person.id, person.id::text, 'email',
  jsonb_build_object('sub', person.id, 'email', person.email, 'email_verified', true),
  now(), now(), now()
from auth.users as person
where person.email like '%@demo-clinic.test'
  or person.email in ('owner@demo-market.test', 'outsider@nowhere.test')
on conflict do nothing;

insert into public.organizations (id, name) values
  ('11111111-1111-4111-8111-111111111111', 'Demo Clinic'),
  ('22222222-2222-4222-8222-222222222222', 'Demo Market')
on conflict do nothing;

insert into public.organization_members (org_id, user_id, role) values
  ('11111111-1111-4111-8111-111111111111', 'aaaaaaaa-0000-4000-8000-000000000001', 'owner'),
  ('11111111-1111-4111-8111-111111111111', 'aaaaaaaa-0000-4000-8000-000000000002', 'admin'),
  ('11111111-1111-4111-8111-111111111111', 'aaaaaaaa-0000-4000-8000-000000000003', 'member'),
  ('11111111-1111-4111-8111-111111111111', 'aaaaaaaa-0000-4000-8000-000000000004', 'viewer'),
  ('22222222-2222-4222-8222-222222222222', 'bbbbbbbb-0000-4000-8000-000000000001', 'owner')
on conflict do nothing;

-- Their settings exist since they do; these are filled in once, and left alone after the first edit.
update public.organization_settings as settings
set business_hours = demo.business_hours::jsonb,
    time_zone = demo.time_zone,
    fallback_text = demo.fallback_text
from (
  values
    (
      '11111111-1111-4111-8111-111111111111',
      '{"monday": ["08:00-17:00"], "tuesday": ["08:00-17:00"], "wednesday": ["08:00-17:00"], "thursday": ["08:00-17:00"], "friday": ["08:00-16:00"]}',
      'Africa/Kigali',
      'Sorry, nobody at Demo Clinic can take your call at the moment. Please try again later.'
    ),
    (
      '22222222-2222-4222-8222-222222222222',
      '{"monday": ["07:00-19:00"], "saturday": ["07:00-15:00"]}',
      'Africa/Kigali',
      'Sorry, nobody at Demo Market can take your call at the moment. Please try again later.'
    )
) as demo (org_id, business_hours, time_zone, fallback_text)
where settings.org_id = demo.org_id::uuid and settings.revision = 1;
