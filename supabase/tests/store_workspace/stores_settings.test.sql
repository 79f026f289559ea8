begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
select tests.save_workspace('market', jsonb_build_array(tests.integration('vapi', 'key2')));
create function tests.store(p_settings jsonb, p_dry_run boolean default false) returns text language plpgsql as $$
declare
  v_begun constant jsonb := public.begin_workspace_save(jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id('admin'), 'request_id', 'settings', 'lease_seconds', 30
  ));
  v_stored constant jsonb := public.store_workspace(jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id('admin'), 'request_id', 'settings',
    'fencing_token', v_begun -> 'fencing_token', 'dry_run', p_dry_run, 'integrations', '[]'::jsonb,
    'settings', p_settings
  ));
begin
  perform public.finish_workspace_save(jsonb_build_object(
    'org_id', tests.id('clinic'), 'request_id', 'settings', 'fencing_token', v_begun -> 'fencing_token',
    'operation', 'workspace_save', 'outcome', 'succeeded', 'duration_ms', 1
  ));
  return v_stored ->> 'code';
end
$$;
create function tests.settings() returns jsonb language sql as $$
  select jsonb_build_array(settings.enabled_tools, settings.currency)
  from public.organization_settings as settings where settings.org_id = tests.id('clinic')
$$;
update public.agents set sync_status = 'synced', last_synced_at = now(), applied_key_fingerprint = 'fp-key1';

select is(tests.settings(), '[[], "RWF"]', 'nothing in particular is enabled, prices are in francs');
select is(tests.store('{"enabled_tools": ["take_message"]}', true), 'storable', 'a try');
select is(tests.settings(), '[[], "RWF"]', 'stores nothing');
select is(tests.store('{"enabled_tools": ["take_message", "book_appointment"]}'), 'stored', 'what is named');
select is(tests.settings(), '[["take_message", "book_appointment"], "RWF"]', 'is stored, the rest stays');
select results_eq(
  $$ select org_id, count(*) from public.agents where sync_status = 'queued' group by org_id $$,
  $$ values (tests.id('clinic'), 2::bigint) $$, 'both agents of the organization wait for a sync, nobody else''s'
);
select is(
  (select details from public.audit_log where action = 'settings_stored'),
  '{"enabled_tools": ["take_message", "book_appointment"]}', 'who changed it is kept'
);
update public.agents set sync_status = 'synced', last_synced_at = now();
select is(tests.store('{"enabled_tools": ["take_message", "book_appointment"], "currency": "KES"}'), 'stored', 'the same again');
select is(tests.settings(), '[["take_message", "book_appointment"], "KES"]', 'and another currency');
select is_empty($$ select 1 from public.agents where sync_status = 'queued' $$, 'give Vapi nothing new');
select is(tests.store(null), 'stored', 'without settings');
select is(tests.settings(), '[["take_message", "book_appointment"], "KES"]', 'they stay');
select is(
  private.describe_sender(tests.id('clinic')) -> 'settings' -> 'enabled_tools',
  '["take_message", "book_appointment"]', 'a turn knows what is enabled'
);
select is(private.describe_sender(tests.id('clinic')) -> 'settings' ->> 'currency', 'KES', 'and the currency');
select is(tests.store('{"enabled_tools": []}'), 'stored', 'nothing in particular');
select is(tests.settings(), '[[], "KES"]', 'is enabled again');
select throws_like(
  $$ update public.organization_settings set currency = 'francs' $$, '%organization_settings_currency_is_iso_4217%',
  'a currency is a code'
);


-- Everything that an organization may say of itself.
select tests.remember('settings', '{
  "business_hours": {"monday": ["08:00-17:00"]}, "quiet_hours": {"daily": ["21:00-07:00"]},
  "calling_hours": {"monday": ["09:00-12:00"]}, "call_countries": ["RW", "KE"], "daily_call_minutes": 30,
  "daily_token_budget": 1000, "time_zone": "Africa/Kigali", "language": "rw", "fallback_text": "Later",
  "transfer_number": "+250788123456", "test_numbers": ["+250788123457"], "missed_call_follow_up": true,
  "template_names": {"missed_call": "sorry"}, "drift_policy": "repair", "phone_knowledge_mode": "own_index",
  "auto_sync": false
}'::jsonb);
create function tests.stored() returns jsonb language sql as $$
  select jsonb_object_agg(stored.key, stored.value)
  from public.organization_settings as settings, jsonb_each(to_jsonb(settings)) as stored
  where settings.org_id = tests.id('clinic') and tests.recall('settings') ? stored.key
$$;
create function tests.changes(p_settings jsonb, p_dry_run boolean) returns jsonb language plpgsql as $$
declare
  v_begun constant jsonb := public.begin_workspace_save(jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id('admin'), 'request_id', 'changes', 'lease_seconds', 30
  ));
  v_changes constant jsonb := public.store_workspace(jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id('admin'), 'request_id', 'changes',
    'fencing_token', v_begun -> 'fencing_token', 'dry_run', p_dry_run, 'integrations', '[]'::jsonb, 'settings', p_settings
  )) -> 'settings';
begin
  perform public.finish_workspace_save(jsonb_build_object(
    'org_id', tests.id('clinic'), 'request_id', 'changes', 'fencing_token', v_begun -> 'fencing_token',
    'operation', 'workspace_save', 'outcome', 'succeeded', 'duration_ms', 1
  ));
  return v_changes;
end
$$;
select is(
  tests.changes('{"currency": "KES", "language": "rw", "daily_call_minutes": 0}', true),
  '{"language": {"from": "en", "to": "rw"}, "daily_call_minutes": {"from": 600, "to": 0}}', 'a try tells what would differ'
);
select is((select language from public.organization_settings where org_id = tests.id('clinic')), 'en', 'and stores nothing');
select is(tests.changes('{}', true), '{}', 'nothing makes no difference');
select is(tests.store(tests.recall('settings')), 'stored', 'all of it');
select is(tests.stored(), tests.recall('settings'), 'is stored as it was said');
select is(tests.settings(), '[[], "KES"]', 'and what wasn''t named stays');
select is(tests.store('{"transfer_number": null, "language": null, "webhook_secret_version": 9, "org_id": null}'), 'stored', 'what is null');
select results_eq(
  $$ select transfer_number, language, webhook_secret_version from public.organization_settings where org_id = tests.id('clinic') $$,
  $$ values (null::text, 'rw', 1) $$, 'is a number to forget and else nothing; the product''s own is nobody''s to name'
);
select results_eq(
  $$ select language, daily_call_minutes from public.organization_settings where org_id = tests.id('market') $$,
  $$ values ('en', 600) $$, 'another organization''s are its own'
);

select * from finish();
rollback;
