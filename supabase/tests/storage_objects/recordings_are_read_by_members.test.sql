begin;
\ir ../people.psql
select no_plan();
insert into storage.objects (bucket_id, name) values
  ('call-recordings', tests.id('clinic') || '/call-1'),
  ('call-recordings', tests.id('market') || '/call-2'),
  ('call-recordings', 'call-3');

select is((select public from storage.buckets where id = 'call-recordings'), false, 'the bucket is not public');
create function pg_temp.seen_by(p_person text) returns text[] language plpgsql as $$
declare
  v_names text[];
begin
  perform tests.act_as(p_person);
  select coalesce(array_agg(name order by name), '{}') into v_names from storage.objects;
  perform tests.act_as('operator');
  return v_names;
end
$$;
select is(pg_temp.seen_by('member'), array[tests.id('clinic') || '/call-1'], 'a member sees the own organization''s');
select is(pg_temp.seen_by('viewer'), '{}', 'a viewer sees none');
select is(pg_temp.seen_by('market owner'), array[tests.id('market') || '/call-2'], 'another sees others');
select is(pg_temp.seen_by('outsider'), '{}', 'an outsider sees none');
select is(pg_temp.seen_by('anon'), '{}', 'nor does anybody without a name');
select tests.act_as('member');
select throws_ok(
  $$ insert into storage.objects (bucket_id, name) values ('call-recordings', tests.id('clinic') || '/forged') $$, '42501', null,
  'a member can''t put one there'
);

select * from finish();
rollback;
