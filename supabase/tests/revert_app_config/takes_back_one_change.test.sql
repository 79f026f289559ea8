begin;
\ir ../people.psql
select no_plan();

insert into public.app_config (key, value) values ('limits', '1');
update public.app_config set value = '2' where key = 'limits';
update public.app_config set value = '3' where key = 'limits';

create function tests.revert(p_operation text, p_after jsonb) returns jsonb language sql as $$
  select public.revert_app_config(jsonb_build_object(
    'history_id', (
      select id from public.app_config_history
      where key = 'limits' and operation = p_operation and value_after is not distinct from p_after
      order by changed_at limit 1
    ),
    'reason', 'incident 7', 'user_id', tests.id('owner')
  ))
$$;

select tests.act_as('service role');
select is(
  tests.revert('update', '2'), '{"code": "reverted", "key": "limits", "value": 1}', 'an update goes back to the value before it'
);
select is((select value from public.app_config where key = 'limits'), '1'::jsonb, 'the row has it');
select results_eq(
  $$ select actor, reason, value_before, value_after from public.app_config_history where key = 'limits' order by changed_at desc limit 1 $$,
  $$ values (tests.id('owner')::text, 'incident 7', '3'::jsonb, '1'::jsonb) $$,
  'and taking back is a change with an actor and a reason'
);
select is(
  tests.revert('update', '2'), '{"code": "unchanged", "key": "limits", "value": 1}', 'taking back again changes nothing'
);
select is(
  tests.revert('insert', '1'), '{"code": "reverted", "key": "limits", "value": null}', 'an insert taken back deletes'
);
select is_empty($$ select 1 from public.app_config where key = 'limits' $$, 'the key is gone');
select is(
  tests.revert('delete', null), '{"code": "reverted", "key": "limits", "value": 1}', 'a delete taken back inserts'
);
select is(
  public.revert_app_config('{"history_id": "00000000-0000-4000-8000-000000000000"}'), '{"code": "not_found"}', 'an unknown change is not found'
);

select * from finish();
rollback;
