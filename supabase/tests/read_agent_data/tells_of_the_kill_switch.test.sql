begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
\ir ../agents.psql
select tests.act_as('operator');

create function pg_temp.set(p_path text, p_value jsonb) returns void language sql as $$
  update public.app_config set value = jsonb_set(value, p_path::text[], p_value) where key = 'unified_service_flags'
$$;
create function pg_temp.is_off(p_person text, p_organization text default 'clinic') returns jsonb language sql as $$
  select public.read_agent_data(jsonb_build_object(
    'org_id', tests.id(p_organization), 'contact_id', tests.person(p_person), 'reads', '[]'::jsonb
  )) -> 'is_switched_off'
$$;

select pg_temp.set('{unifiedServiceEnabled}', 'true');
select is(pg_temp.is_off('ann'), 'false', 'nothing is to be ended');
select pg_temp.set('{unifiedServiceRolloutPercent}', '0');
select is(pg_temp.is_off('ann'), 'false', 'a percentage that was lowered is for what comes next');
select pg_temp.set('{deny}', to_jsonb(array[(select '+' || rollout_key from public.contacts where id = tests.person('ann'))]));
select is(pg_temp.is_off('ann'), 'true', 'who is denied is told of at once, however they were written');
select is(pg_temp.is_off('bob'), 'false', 'and nobody else');
select pg_temp.set('{deny}', '[]');
select pg_temp.set('{overrides}', jsonb_build_object(tests.id('clinic'), '{"unifiedServiceEnabled": false}'::jsonb));
select is(pg_temp.is_off('ann'), 'true', 'so is the switch of an organization');
select is(pg_temp.is_off('far', 'market'), 'false', 'which isn''t another''s');
select pg_temp.set('{overrides}', '{}');
select pg_temp.set('{unifiedServiceEnabled}', 'false');
select is(pg_temp.is_off('far', 'market'), 'true', 'and everybody''s');
select pg_temp.set('{unifiedServiceEnabled}', 'true');
select pg_temp.set('{unifiedServiceEnabled}', '"no"');
select is(pg_temp.is_off('ann'), 'false', 'a slip of the hand ends nothing: the last good flags hold');

select * from finish();
rollback;
