-- The catalogue against what is expected, both ways: whatever exists has a row in
-- expectations/*.psql, and every row is of something that exists. Whoever adds a table or a function
-- adds a row there, and rows for members to see where they may.
begin;
\ir ../people.psql
select no_plan();

create temporary table expected_tables (
  name text primary key, anon text not null, member text not null, other_tenant text not null, service text not null
);
create temporary table expected_functions (name text primary key, callers text[] not null);
create temporary table expected_sequences (name text primary key, callers text[] not null);
\ir expectations/foundation.psql
\ir expectations/agent_tier.psql
\ir expectations/messaging.psql
\ir expectations/calls.psql
\ir expectations/agents.psql
\ir expectations/knowledge.psql
\ir expectations/knowledge_sync.psql
\ir expectations/legacy.psql
\ir expectations/metrics.psql
\ir expectations/alerts.psql
\ir expectations/rollout.psql
\ir expectations/erasing.psql
\ir expectations/imports.psql
\ir expectations/canary.psql

create temporary table ours as
select
  class.oid,
  format('%I.%I', namespace.nspname, class.relname) as name,
  case when namespace.nspname = 'partitions' then 'partitions.*' else format('%I.%I', namespace.nspname, class.relname) end as expectation,
  class.relkind
from pg_class as class
join pg_namespace as namespace on namespace.oid = class.relnamespace
where namespace.nspname in ('public', 'private', 'partitions')
  and not exists (select 1 from pg_depend where objid = class.oid and deptype = 'e');

create temporary table our_functions as
select
  function.oid,
  format('%I.%I(%s)', namespace.nspname, function.proname, replace(oidvectortypes(function.proargtypes), ', ', ',')) as name,
  function.proconfig, function.prosecdef
from pg_proc as function
join pg_namespace as namespace on namespace.oid = function.pronamespace
where namespace.nspname in ('public', 'private', 'partitions')
  and not exists (select 1 from pg_depend where objid = function.oid and deptype = 'e');
grant select on ours to public;

-- Does it as that person, takes it back, and tells whether it was permitted. An error of any other
-- kind (a missing value, a foreign key) comes after the permission.
create function tests.may(p_person text, p_statement text) returns boolean language plpgsql as $$
begin
  perform tests.act_as(p_person);
  begin
    execute p_statement;
    raise exception 'take it back';
  exception
    when insufficient_privilege then
      perform tests.act_as('operator');
      return false;
    -- A view of several tables, which nobody writes to whatever the grants say.
    when object_not_in_prerequisite_state then
      perform tests.act_as('operator');
      return false;
    when others then
      perform tests.act_as('operator');
      return true;
  end;
end
$$;

create function tests.permitted(p_person text, p_table oid) returns text language plpgsql as $$
declare
  v_name constant text := (select name from ours where oid = p_table);
  v_column constant text := (
    select quote_ident(attname) from pg_attribute
    where attrelid = p_table and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = ''
    order by attnum limit 1
  );
  v_is_table constant boolean := (select relkind in ('r', 'p') from ours where oid = p_table);
begin
  return concat(
    case when tests.may(p_person, format('select count(*) from %s', v_name)) then 's' end,
    case when tests.may(p_person, format('insert into %s default values', v_name)) then 'i' end,
    case when tests.may(p_person, format('update %s set %s = %s', v_name, v_column, v_column)) then 'u' end,
    case when tests.may(p_person, format('delete from %s', v_name)) then 'd' end,
    case when v_is_table and tests.may(p_person, format('truncate %s cascade', v_name)) then 't' end
  );
end
$$;

select is_empty(
  $$ select name from ours where relkind in ('r', 'p', 'v', 'm', 'f')
     and expectation not in (select name from expected_tables) $$,
  'every table and view has an expectation'
);
select is_empty(
  $$ select name from expected_tables where name not in (select expectation from ours) $$, 'every expected table exists'
);
select is(tests.permitted('anon', oid), expected.anon, format('anon on %s', ours.name))
from ours join expected_tables as expected on expected.name = ours.expectation
where relkind in ('r', 'p', 'v', 'm', 'f') order by ours.name;
select is(tests.permitted('member', oid), expected.member, format('a member on %s', ours.name))
from ours join expected_tables as expected on expected.name = ours.expectation
where relkind in ('r', 'p', 'v', 'm', 'f') order by ours.name;
select is(tests.permitted('market owner', oid), expected.other_tenant, format('another tenant''s owner on %s', ours.name))
from ours join expected_tables as expected on expected.name = ours.expectation
where relkind in ('r', 'p', 'v', 'm', 'f') order by ours.name;
select is(tests.permitted('service role', oid), expected.service, format('the service role on %s', ours.name))
from ours join expected_tables as expected on expected.name = ours.expectation
where relkind in ('r', 'p', 'v', 'm', 'f') order by ours.name;

-- Rows of others: of every table that somebody signed in reads and whose rows belong to an organization.
create function tests.rows_seen(p_person text, p_table oid, p_organizations text[], p_inside boolean) returns bigint
language plpgsql as $$
declare
  v_name constant text := (select name from ours where oid = p_table);
  v_column constant text := case v_name when 'public.organizations' then 'id' else 'org_id' end;
  v_count bigint;
begin
  perform tests.act_as(p_person);
  execute format('select count(*) from %s where (%I = any ($1)) is %s true', v_name, v_column, case when p_inside then '' else 'not' end)
  into v_count
  using array(select tests.id(organization) from unnest(p_organizations) as organization);
  perform tests.act_as('operator');
  return v_count;
end
$$;
create temporary table readable as
select ours.oid, ours.name from ours join expected_tables as expected on expected.name = ours.expectation
where expected.member like '%s%'
  and exists (
    select 1 from pg_attribute
    where attrelid = ours.oid and (attname = 'org_id' or ours.name = 'public.organizations')
  );
select cmp_ok(tests.rows_seen('member', oid, array['clinic'], true), '>', 0::bigint, format('a member sees something in %s', name))
from readable order by name;
select is(tests.rows_seen('member', oid, array['clinic'], false), 0::bigint, format('a member sees nothing of others in %s', name))
from readable order by name;
select is(
  tests.rows_seen('owner', oid, array['clinic', 'branch', 'desk'], false), 0::bigint,
  format('an owner sees nothing but the own and what descends from it in %s', name)
) from readable order by name;
select is(tests.rows_seen('market owner', oid, array['market'], false), 0::bigint, format('another tenant''s owner sees nothing of others in %s', name))
from readable order by name;
select is(tests.rows_seen('outsider', oid, '{}', false), 0::bigint, format('an outsider sees nothing in %s', name))
from readable order by name;

select is_empty(
  'select name from our_functions where name not in (select name from expected_functions)', 'every function has an expectation'
);
select is_empty(
  'select name from expected_functions where name not in (select name from our_functions)', 'every expected function exists'
);
select is(
  array(
    select caller from unnest(array['anon', 'authenticated', 'service_role']) as caller
    where has_function_privilege(caller, function.oid, 'execute')
  ),
  expected.callers, format('who may call %s', function.name)
) from our_functions as function join expected_functions as expected on expected.name = function.name order by function.name;
select is_empty(
  $$ select name from our_functions where not exists (select 1 from unnest(proconfig) as setting where setting = 'search_path=""') $$,
  'every function has an empty search path'
);
select is_empty(
  $$ select name from our_functions where prosecdef and name like 'public.%' $$, 'no function that a request may name runs as its owner'
);

select is_empty(
  $$ select name from ours where relkind = 'S' and not exists (
       select 1 from pg_depend where objid = ours.oid and deptype in ('a', 'i')
     ) and name not in (select name from expected_sequences) $$, 'every sequence has an expectation'
);
select is(
  array(
    select caller from unnest(array['anon', 'authenticated', 'service_role']) as caller
    where has_sequence_privilege(caller, ours.oid, 'usage')
  ),
  expected.callers, format('who may draw from %s', ours.name)
) from ours join expected_sequences as expected on expected.name = ours.name order by ours.name;

select is_empty(
  $$ select ours.name from ours join pg_class on pg_class.oid = ours.oid where ours.relkind in ('r', 'p') and not pg_class.relrowsecurity $$,
  'row level security is on in every table'
);
select is_empty(
  $$ select ours.name from ours where relkind in ('r', 'p') and not exists (select 1 from pg_policy where polrelid = ours.oid) $$,
  'and every table says in a policy whom it is for'
);
select is_empty(
  $$ select ours.name || '.' || conname from ours join pg_constraint on conrelid = ours.oid
     where contype = 'f' and conparentid = 0 and not exists (
       select 1 from pg_index where indrelid = ours.oid
         and (indkey::smallint[])[0:cardinality(conkey) - 1] @> conkey and indpred is null
     ) $$, 'every foreign key is indexed'
);
select is(
  array(select caller from unnest(array['anon', 'authenticated', 'service_role']) as caller where has_schema_privilege(caller, schema, 'usage')),
  callers, format('who may enter schema %s', schema)
)
from (values
  ('private', array['authenticated', 'service_role']), ('partitions', '{}'::text[])
) as expected (schema, callers);

select * from finish();
rollback;
