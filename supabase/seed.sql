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

-- Something to find, to order and to apply for: a restaurant with its menu, goods, a job, a house, produce.
insert into public.unified_listings (
  id, org_id, domain, side, title, description, category, price, currency, price_unit, place_name, latitude, longitude,
  attributes, expires_at
)
select
  demo.id::uuid, demo.org_id::uuid, demo.domain, 'offer', demo.title, demo.description, demo.category, demo.price, 'RWF',
  demo.price_unit, demo.place_name, demo.latitude, demo.longitude, demo.attributes::jsonb, '2099-01-01'
from (
  values
    (
      '11111111-0000-4000-8000-000000000001', '11111111-1111-4111-8111-111111111111', 'waiter', 'Inzora Café',
      'Coffee, breakfast and light meals with a view of Kigali.', 'restaurant', null, null, 'Kacyiru', -1.9356, 30.0842,
      '{"menu": [
        {"name": "Brochette and chips", "price": 5000, "category": "mains"},
        {"name": "Isombe with rice", "price": 3500, "category": "mains"},
        {"name": "Grilled tilapia", "price": 8000, "category": "mains"},
        {"name": "African tea", "price": 1000, "category": "drinks"},
        {"name": "Rwandan coffee", "price": 1500, "category": "drinks"}
      ], "tables": 8, "hours": {"monday": ["07:00-21:00"], "saturday": ["08:00-22:00"]}}'
    ),
    (
      '22222222-0000-4000-8000-000000000001', '22222222-2222-4222-8222-222222222222', 'waiter', 'Nyamirambo Grill',
      'Goat brochettes and cold drinks until late.', 'restaurant', null, null, 'Nyamirambo', -1.9847, 30.0394,
      '{"menu": [
        {"name": "Goat brochette", "price": 1500, "category": "mains"},
        {"name": "Grilled plantain", "price": 1000, "category": "sides"},
        {"name": "Fanta citron", "price": 800, "category": "drinks"}
      ], "tables": 5}'
    ),
    (
      '22222222-0000-4000-8000-000000000002', '22222222-2222-4222-8222-222222222222', 'marketplace', 'Mountain bike',
      'Red, 21 gears, one year old.', 'bicycles', 120000, null, 'Kimironko', -1.9497, 30.1261, '{"condition": "used"}'
    ),
    (
      '22222222-0000-4000-8000-000000000003', '22222222-2222-4222-8222-222222222222', 'jobs', 'Plumber',
      'Repairs in houses all over Kigali.', 'plumbing', 250000, 'month', 'Kigali', -1.9441, 30.0619,
      '{"salary": 250000, "type": "full_time"}'
    ),
    (
      '22222222-0000-4000-8000-000000000004', '22222222-2222-4222-8222-222222222222', 'property',
      'House with three bedrooms', 'Garden, water tank, quiet street.', 'rent', 350000, 'month', 'Remera', -1.9581, 30.1119,
      '{"bedrooms": 3}'
    ),
    (
      '22222222-0000-4000-8000-000000000005', '22222222-2222-4222-8222-222222222222', 'farmer', 'Dry maize',
      'Two tonnes, harvested this season.', 'maize', 450, 'kg', 'Musanze', -1.4998, 29.6347, '{"crop": "maize"}'
    ),
    (
      '22222222-0000-4000-8000-000000000006', '22222222-2222-4222-8222-222222222222', 'business_broker', 'Hair salon for sale',
      'Five chairs, regular customers, sold with its lease.', 'salon', 6000000, null, 'Kicukiro', -1.9986, 30.1131, '{"sector": "services"}'
    )
) as demo (
  id, org_id, domain, title, description, category, price, price_unit, place_name, latitude, longitude, attributes
)
on conflict do nothing;
