begin;
\ir ../people.psql
\ir ../knowledge_sync.psql
select no_plan();

create function tests.queued() returns integer language sql as $$
  select count(*)::integer from public.background_jobs
  where org_id = tests.id('clinic') and kind = 'sync_knowledge' and state = 'queued'
$$;
delete from public.background_jobs where kind = 'sync_knowledge';
update public.organization_settings set auto_sync = false where org_id = tests.id('clinic');
select private.want_knowledge_sync(tests.id('clinic'));
select is(tests.queued(), 0, 'not where saves are not to be pushed');
update public.organization_settings set auto_sync = true where org_id = tests.id('clinic');
select private.want_knowledge_sync(tests.id('clinic')) from generate_series(1, 20);
select is(tests.queued(), 1, 'a burst is one sync');
select ok(
  (select available_at from public.background_jobs where kind = 'sync_knowledge') > clock_timestamp(), 'a moment later'
);

-- Other things that Vapi has to follow, whatever the settings say of saves.
update public.organization_settings set auto_sync = false where org_id = tests.id('clinic');
delete from public.background_jobs where kind = 'sync_knowledge';
update public.organization_settings set phone_knowledge_mode = 'own_index' where org_id = tests.id('clinic');
select is(tests.queued(), 1, 'another way to answer on the phone');
delete from public.background_jobs where kind = 'sync_knowledge';
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key2')));
select is(tests.queued(), 1, 'another account');
delete from public.background_jobs where kind = 'sync_knowledge';
update public.agents set vapi_assistant_id = null where org_id = tests.id('clinic');
select is(tests.queued(), 0, 'an assistant that is gone is the agents'' matter');
update public.agents set vapi_assistant_id = 'new' where org_id = tests.id('clinic') and role = 'inbound';
select is(tests.queued(), 1, 'one that is there at last');
select tests.save_workspace('market', jsonb_build_array(tests.integration('vapi', 'key3')));
select is(
  (select count(*)::integer from public.knowledge_syncs where org_id = tests.id('market')), 0, 'nothing for who knows nothing'
);
select * from finish();
rollback;
