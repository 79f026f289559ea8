begin;
\ir ../people.psql
select no_plan();

create function tests.claim_drift() returns integer language sql as $$
  select jsonb_array_length(
    public.claim_drift_checks('{"limit": 10, "lease_seconds": 60, "worker_id": "w1"}') -> 'checks'
  )
$$;
create function tests.make_due() returns void language sql as $$
  update public.leases set released_at = clock_timestamp(), expires_at = clock_timestamp() where released_at is null;
  update public.agents
  set sync_status = 'synced', last_synced_at = now(), vapi_assistant_id = role, drift_claimed_at = null
$$;
create function tests.count_calls(p_minute timestamptz, p_calls integer, p_provider text default 'vapi')
returns void language sql as $$
  insert into public.provider_call_stats
    (minute, org_id, provider, operation, outcome, call_count, duration_ms_total, duration_ms_max)
  values (date_trunc('minute', p_minute, 'UTC'), tests.id('clinic'), p_provider, 'get_assistant', 'succeeded', p_calls, 1, 1)
$$;

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
select tests.make_due();
select is(tests.claim_drift(), 2, 'an account at rest is asked');

select tests.make_due();
select tests.count_calls(now() - interval '2 minutes', 1000);
select tests.count_calls(now(), 1000, 'twilio');
select is(tests.claim_drift(), 2, 'what was long ago, or of another provider, doesn''t count');

select tests.make_due();
select tests.count_calls(now(), 29);
select is(tests.claim_drift(), 2, 'half of the budget is for checks');
select tests.make_due();
select tests.count_calls(now() - interval '1 minute', 1);
select is(tests.claim_drift(), 0, 'the other half is for saves');
select is(public.queue_due_jobs('{"kind": "check_drift"}') -> 'count', '0', 'there is no work in it');

select tests.act_as('operator');
update public.app_config set value = '100' where key = 'vapi_calls_per_minute';
select tests.act_as('service role');
select is(tests.claim_drift(), 2, 'an operator knows how large it is');

select * from finish();
rollback;
