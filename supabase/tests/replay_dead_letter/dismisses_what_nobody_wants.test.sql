begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
create function tests.give_up(p_id text) returns uuid language sql as $$
  select private.record_dead_letter(tests.id('clinic'), 'vapi', p_id, 'It broke', '{}', 5)
$$;
create function tests.dismiss(p_id uuid, p_reason text default 'A test of ours') returns jsonb language sql as $$
  select public.dismiss_dead_letter(jsonb_build_object('id', p_id, 'reason', p_reason, 'user_id', 'operator:Ada', 'request_id', 'r1'))
$$;
create function tests.open_alerts() returns bigint language sql as $$
  select count(*) from public.alerts where rule = 'dead_letters' and state <> 'resolved'
$$;

select tests.remember('first', to_jsonb(tests.give_up('vapi:1')));
select tests.remember('second', to_jsonb(tests.give_up('vapi:2')));
create function tests.letter(p_name text) returns uuid language sql as $$ select (tests.recall(p_name) #>> '{}')::uuid $$;

select is(
  tests.dismiss(tests.letter('first')), '{"code": "dismissed", "source": "vapi", "source_id": "vapi:1"}', 'a letter is dismissed'
);
select is(tests.open_alerts(), 1::bigint, 'while another is open, so is their alert');
select is(tests.dismiss(tests.letter('first'), 'Said twice') ->> 'code', 'dismissed', 'said twice it is dismissed');
select results_eq(
  $$ select actor, details ->> 'reason' from public.audit_log where action = 'dead_letter_dismissed' $$,
  $$ values ('operator:Ada', 'A test of ours') $$, 'and was so once, by whom and why'
);
select is(
  jsonb_path_query_array(public.list_dead_letters('{"replayed": false, "limit": 10}'), '$.letters[*].source_id'), '["vapi:2"]',
  'it is on nobody''s list'
);
select is(
  jsonb_path_query_array(
    public.list_dead_letters('{"replayed": true, "limit": 10}'), '$.letters[*] ? (@.source_id == "vapi:1").dismissal_reason'
  ), '["A test of ours"]', 'but on that of all, with the reason'
);
select is(
  public.replay_dead_letter(jsonb_build_object('id', tests.letter('first'))) ->> 'code', 'already_replayed', 'it is run no more'
);
select tests.dismiss(tests.letter('second'));
select is(tests.open_alerts(), 0::bigint, 'the last one takes the alert with it');

select tests.give_up('vapi:1');
select results_eq(
  $$ select replayed_at, dismissed_at, dismissal_reason from public.dead_letters where source_id = 'vapi:1' $$,
  'values (null::timestamptz, null::timestamptz, null::text)', 'what fails again is open again'
);
select is(tests.open_alerts(), 1::bigint, 'with an alert');
select public.record_replay(jsonb_build_object('id', tests.letter('first'), 'request_id', 'r', 'error', null));
select is(tests.dismiss(tests.letter('first')) ->> 'code', 'already_replayed', 'what was run again isn''t dismissed');
select is(tests.dismiss(gen_random_uuid()) ->> 'code', 'not_found', 'nor what isn''t there');

-- An event of no organization: nobody can process it.
select tests.remember('nobody', to_jsonb(private.record_dead_letter(null, 'vapi', 'vapi:3', 'It broke', '{}', 5)));
select is(
  public.replay_dead_letter(jsonb_build_object('id', tests.letter('nobody'))) ->> 'code', 'gone', 'what is nobody''s is gone'
);
select isnt((select dismissed_at from public.dead_letters where source_id = 'vapi:3'), null, 'and dismissed');

-- A later letter is told again, but not each of a flood.
create function tests.told() returns integer language plpgsql as $$
declare
  v_delivery jsonb;
  v_told integer := 0;
begin
  for v_delivery in select * from jsonb_array_elements(
    public.claim_alert_deliveries('{"channels": ["webhook"], "limit": 10, "lease_seconds": 60}') -> 'deliveries'
  ) loop
    perform public.record_alert_delivery(
      jsonb_build_object('id', v_delivery -> 'id', 'fencing_token', v_delivery -> 'fencing_token', 'outcome', 'sent', 'max_attempts', 3)
    );
    v_told := v_told + 1;
  end loop;
  return v_told;
end
$$;
-- Beginnings, then their ends.
select tests.told() from generate_series(1, 2);
select tests.give_up('vapi:4');
select is(tests.told(), 1, 'an alert is told');
select tests.give_up('vapi:5');
select is(tests.told(), 0, 'not again for each letter within an hour');
update public.alert_deliveries set sent_at = sent_at - interval '61 minutes';
select is(tests.told(), 0, 'and not for none');
select tests.remember('told', to_jsonb(delivery.id))
from public.alert_deliveries as delivery join public.alerts as alert on alert.id = delivery.alert_id
where alert.rule = 'dead_letters' and alert.state <> 'resolved';
select tests.give_up('vapi:6');
select is(tests.told(), 1, 'a letter that comes later is told');
select is_empty(
  format('select 1 from public.alert_deliveries where id = %L', tests.letter('told')), 'under an id of its own, which no channel has had'
);
select is(
  (select message from public.alerts where rule = 'dead_letters' and state <> 'resolved' and org_id = tests.id('clinic')),
  'Cannot process vapi event "vapi:6": given up after 5 attempts', 'with what is new'
);

select tests.act_as('owner');
select throws_ok('select public.dismiss_dead_letter(''{}'')', '42501', null, 'nobody but the service role does this');
select lives_ok('select dismissed_at, dismissal_reason from public.dead_letters', 'members may see that it was done');

select * from finish();
rollback;
