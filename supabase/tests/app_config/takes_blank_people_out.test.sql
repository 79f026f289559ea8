begin;
\ir ../people.psql
select plan(9);

-- As a database has it where a blank entry could be stored before.
create function tests.plant_blank() returns void language plpgsql as $$
begin
  update public.app_config set value = value || '{"allow": [" ", "+250 788 123 456"], "deny": ["\t"]}'
  where key = 'unified_service_flags';
  update private.app_config_in_force as kept
  set stored = config.value, value = config.value || '{"allow": ["", "250788123456"], "deny": [""]}'
  from public.app_config as config
  where config.key = 'unified_service_flags' and kept.key = config.key;
end
$$;
create function tests.in_force() returns jsonb language sql as $$ select private.flags_in_force() $$;

select tests.plant_blank();
\ir ../../migrations/20261122030000_refuse_blank_people.sql
select is(tests.in_force() -> 'allow', '["250788123456"]', 'whom the list names stays in it');
select is(tests.in_force() -> 'deny', '[]', 'a blank entry goes');
select is(
  (select value -> 'allow' from public.app_config where key = 'unified_service_flags'), '["+250 788 123 456"]',
  'what is stored stays as it was written'
);
select is(public.read_health('{}') -> 'flags_valid', 'true', 'and is valid');
select is(
  (select actor from public.app_config_history where key = 'unified_service_flags' order by changed_at desc limit 1),
  'migration', 'the change is recorded'
);

select tests.plant_blank();
update public.app_config set value = '"on"' where key = 'unified_service_flags';
\ir ../../migrations/20261122030000_refuse_blank_people.sql
select is(tests.in_force() -> 'deny', '[]', 'also where somebody has stored what can''t be used since');
select is(
  (select stored -> 'deny' from private.app_config_in_force where key = 'unified_service_flags'), '[]',
  'and what a rollback writes back'
);
select is(
  (select value from public.app_config where key = 'unified_service_flags'), '"on"', 'whose slip stays theirs to mend'
);
select is(
  (select count(*) from public.alerts where rule = 'flags_malformed' and state <> 'resolved'), 1::bigint, 'told as one'
);

select * from finish();
rollback;
