begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.remember('held', jsonb_build_object(
  'org_id', tests.id('clinic'), 'user_id', tests.id('admin'), 'request_id', 'r1',
  'fencing_token', public.begin_workspace_save(jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id('admin'), 'request_id', 'r1', 'lease_seconds', 60
  )) -> 'fencing_token'
));
create function tests.store(p_integrations jsonb) returns jsonb language sql as $$
  select public.store_workspace(tests.recall('held') || jsonb_build_object('integrations', p_integrations))
$$;

select tests.remember('stored', tests.store(jsonb_build_array(
  tests.integration('vapi', 'key1'), tests.integration('twilio', 'tok1', '{"from_number": "+14155550100"}')
)));
select is(tests.recall('stored') ->> 'code', 'stored', 'it is stored');
select is(
  tests.recall('stored') -> 'integrations',
  '[{"provider": "twilio", "revision": 1}, {"provider": "vapi", "revision": 1}]', 'each at its first revision'
);
select results_eq(
  $$ select agent ->> 'role', agent -> 'created' from jsonb_array_elements(tests.recall('stored') -> 'agents') as agent $$,
  $$ values ('inbound', 'true'::jsonb), ('outbound', 'true') $$, 'and both agents are made'
);
select results_eq(
  $$ select role, language, voice, voice_provider, max_call_duration, state, sync_status, revision from public.agents order by role $$,
  $$ values ('inbound', 'en', 'Elliot', 'vapi', 600, 'draft', 'queued', 1), ('outbound', 'en', 'Elliot', 'vapi', 600, 'draft', 'queued', 1) $$,
  'with the defaults that configuration gives'
);
select is(
  (select count(*) from public.agents where char_length(system_prompt) > 100 and first_message <> ''), 2::bigint, 'and words to begin with'
);
select results_eq(
  'select provider, ciphertext, key_id from private.integration_credentials order by provider',
  $$ values ('twilio', tests.ciphertext('tok1'), 'k1'), ('vapi', tests.ciphertext('key1'), 'k1') $$, 'secrets are stored apart'
);
select results_eq(
  'select operation, outcome, actor, request_id from public.operation_events',
  $$ values ('workspace_store', 'succeeded', tests.id('admin')::text, 'r1') $$, 'in the same transaction as an event'
);
select results_eq(
  'select action, subject, actor, request_id from public.audit_log order by subject',
  $$ values
    ('integration_stored', 'twilio', tests.id('admin')::text, 'r1'),
    ('integration_stored', 'vapi', tests.id('admin')::text, 'r1') $$, 'and audit entries'
);
select is_empty(
  $$ select 1 from public.audit_log where to_jsonb(audit_log)::text like '%' || tests.ciphertext('key1') || '%' $$,
  'which don''t repeat the secrets'
);
select is(
  (select actor from public.agent_revisions limit 1), tests.id('admin')::text, 'the first revisions are the person''s who saved'
);

select tests.remember('again', tests.store(jsonb_build_array(tests.integration('vapi', 'key1'))));
select is(tests.recall('again') -> 'integrations', '[{"provider": "vapi", "revision": 1}]', 'storing the same again changes no revision');
select is(
  tests.recall('again') -> 'agents',
  (select jsonb_agg(agent || '{"created": false}') from jsonb_array_elements(tests.recall('stored') -> 'agents') as agent),
  'and makes no other agents'
);
select is(
  (select connected from public.integrations where provider = 'twilio'), true, 'what isn''t mentioned stays'
);

update public.agents set sync_status = 'synced', last_synced_at = now(), applied_key_fingerprint = 'fp-key1';
update public.integrations set last_error = 'Unauthorized' where provider = 'vapi';
select public.raise_alert(jsonb_build_object(
  'org_id', tests.id('clinic'), 'rule', 'credential_failed', 'dedupe_key', 'vapi', 'severity', 'critical', 'message', 'm'
));
select tests.store(jsonb_build_array(tests.integration('vapi', 'key1')));
select is((select count(*) from public.agents where sync_status = 'synced'), 2::bigint, 'the same key leaves agents synced');
select is((select last_error from public.integrations where provider = 'vapi'), null, 'and clears the last error');
select is((select state from public.alerts), 'resolved', 'and the alert');
select is(
  tests.store(jsonb_build_array(tests.integration('vapi', 'key2'))) -> 'integrations',
  '[{"provider": "vapi", "revision": 2}]', 'another key is another revision'
);
select is((select count(*) from public.agents where sync_status = 'queued'), 2::bigint, 'and both agents wait for a sync');
select is(
  tests.store('[]') ->> 'code', 'stored', 'a save without credentials ensures the agents alone'
);

select * from finish();
rollback;
