begin;
\ir ../people.psql
select no_plan();

create function tests.use() returns jsonb language sql as $$ select public.read_legacy_use('{"days": 7}') $$;
create function tests.flags(p_changes jsonb) returns void language sql as $$
  update public.app_config set value = value || p_changes where key = 'unified_service_flags'
$$;
-- So many days ago for what was written last.
create function tests.ago(p_days integer) returns void language sql as $$
  update public.app_config_history set changed_at = now() - make_interval(days => p_days)
  where id = (select id from public.app_config_history where key = 'unified_service_flags' order by changed_at desc limit 1)
$$;
select is(tests.use() -> 'everyone_inside_since', 'null', 'a new installation has everybody outside');

update public.app_config_history set changed_at = now() - interval '90 days';
select tests.flags('{"unifiedServiceRolloutPercent": 50}');
select tests.ago(30);
select tests.flags('{"unifiedServiceRolloutPercent": 100}');
select tests.ago(20);
select tests.flags('{"features": {"crossDomainHandoffs": false, "unifiedSearch": false, "sharedPreferences": false, "hybridFlows": true}}');
select tests.ago(10);
select is((tests.use() ->> 'everyone_inside_since')::timestamptz, now() - interval '20 days', 'since everybody was let in, whatever else changed');
select tests.flags('{"deny": ["250788123456"]}');
select is(tests.use() -> 'everyone_inside_since', 'null', 'one person on the deny list is somebody');
select tests.ago(8);
select tests.flags('{"deny": []}');
select tests.ago(3);
select is((tests.use() ->> 'everyone_inside_since')::timestamptz, now() - interval '3 days', 'and counts from when they were let in');
select tests.flags('{"overrides": {"a1000000-0000-4000-8000-000000000000": {"unifiedServiceRolloutPercent": 10}}}');
select is(tests.use() -> 'everyone_inside_since', 'null', 'so does an organization of its own pace');
select tests.flags('{"overrides": {}}');
select tests.flags('{"unifiedServiceEnabled": false}');
select is(tests.use() -> 'everyone_inside_since', 'null', 'the kill switch puts everybody outside');
select tests.flags('{"unifiedServiceEnabled": true}');
select tests.flags('{"unifiedServiceRolloutPercent": "most"}');
select is(tests.use() -> 'everyone_inside_since', 'null', 'a malformed value, whatever is in force');

insert into public.legacy_deliveries (is_whole, state, forwarded_at, due_at) values
  (false, 'forwarded', now() - interval '8 days', null), (false, 'forwarded', now() - interval '2 days', null);
insert into public.legacy_deliveries (is_whole, body) values (false, 'x');
select results_eq(
  $$ select tests.use() -> 'forwarded', tests.use() -> 'waiting' $$, $$ values ('1'::jsonb, '1'::jsonb) $$, 'what went to the older service, and what waits'
);
select is((tests.use() ->> 'last_forwarded_at')::timestamptz, now() - interval '2 days', 'and when it last did');

-- Whether Meta posts to us at all.
\ir ../messaging.psql
select is(tests.use() -> 'last_received_at', 'null', 'nobody has written to us');
select tests.remember('canary', public.ensure_canary_organization('{}'));
select tests.deliver(tests.text('wamid.canary', jsonb_build_object(
  'phone_number_id', 'canary', 'business_account_id', 'canary', 'phone', tests.recall('canary') -> 'from'
)));
select isnt_empty($$ select 1 from public.inbound_messages $$, 'a release''s proof is stored');
select is(tests.use() -> 'last_received_at', 'null', 'and is nobody''s message');
select tests.deliver(tests.text('wamid.person'));
select is(
  (tests.use() ->> 'last_received_at')::timestamptz,
  (select created_at from public.inbound_messages where wamid = 'wamid.person'), 'a person''s is'
);
select tests.flags('{"unifiedServiceRolloutPercent": 100}');
select isnt(tests.use() -> 'everyone_inside_since', 'null', 'the canary''s own percentage leaves nobody outside');
select is(
  public.read_rollout('{}') #> '{flags,in_force,overrides}', '{}',
  'and isn''t what an operator''s change is merged onto: it is never stored'
);

update public.app_config set value = '{"default": "https://old.example/functions/v1/a", "agents": {"jobs": "https://old.example/functions/v1/b"}}'
where key = 'legacy_webhooks';
update public.app_config set value = '{"default": null, "agents": {"jobs": "https://old.example/functions/v1/c"}}' where key = 'legacy_webhooks';
select is(
  tests.use() -> 'webhooks_ever',
  '["https://old.example/functions/v1/a", "https://old.example/functions/v1/b", "https://old.example/functions/v1/c"]',
  'every address there ever was'
);
select is(tests.use() #>> '{webhooks,agents,jobs}', 'https://old.example/functions/v1/c', 'and those in force');

select * from finish();
rollback;
