begin;
\ir ../people.psql
select no_plan();

select col_not_null('public', 'processed_webhook_events', 'id', 'its key is its own');
select is(
  (select attnotnull from pg_attribute where attrelid = 'public.processed_webhook_events'::regclass and attname = 'org_id'),
  false, 'nothing but the named check keeps org_id from being null'
);
select has_index('public', 'processed_webhook_events', 'idx_processed_events_org_event', array['org_id', 'event_id'], 'events are found by organization');

select tests.act_as('service role');
insert into public.processed_webhook_events (org_id, event_id, event_type) values (tests.id('clinic'), 'whatsapp:1', 'message.text');
select throws_ok(
  $$ insert into public.processed_webhook_events (org_id, event_id, event_type) values (tests.id('clinic'), 'whatsapp:1', 'x') $$,
  '23505', null, 'an event is never there twice'
);
select lives_ok(
  $$ insert into public.processed_webhook_events (org_id, event_id, event_type) values (tests.id('market'), 'whatsapp:1', 'x') $$,
  'another organization has events of its own'
);
select throws_ok(
  $$ insert into public.processed_webhook_events (org_id, event_id, event_type) values (null, 'whatsapp:2', 'x') $$,
  '23514', null, 'nobody''s events are refused'
);

select tests.act_as('operator');
alter table public.processed_webhook_events drop constraint processed_webhook_events_org_id_not_null;
select lives_ok(
  $$ insert into public.processed_webhook_events (org_id, event_id, event_type) values (null, 'whatsapp:2', 'x') $$,
  'dropping that one constraint is a rollback'
);
select throws_ok(
  $$ insert into public.processed_webhook_events (org_id, event_id, event_type) values (null, 'whatsapp:2', 'x') $$,
  '23505', null, 'after which an event still isn''t there twice'
);
delete from public.organizations where id = tests.id('market');
select is_empty($$ select 1 from public.processed_webhook_events where org_id = tests.id('market') $$, 'events go with their organization');

select * from finish();
rollback;
