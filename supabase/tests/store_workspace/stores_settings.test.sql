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

select * from finish();
rollback;
