begin;
\ir ../people.psql
select plan(9);
insert into storage.objects (bucket_id, name)
select 'knowledge', tests.id(organization) || '/menu.pdf' from unnest(array['clinic', 'branch', 'market']) as organization;

create function tests.read_uploads() returns bigint language sql as $$
  select count(*) from storage.objects where bucket_id = 'knowledge'
$$;
create function tests.upload(p_path text) returns text language plpgsql as $$
begin
  insert into storage.objects (bucket_id, name) values ('knowledge', p_path);
  return 'stored';
exception when insufficient_privilege then
  return 'refused';
end
$$;

select tests.act_as('member');
select is(tests.read_uploads(), 1::bigint, 'a member reads the own organization''s');
select is(tests.upload(tests.id('clinic') || '/a.pdf'), 'refused', 'and puts nothing there');
select tests.act_as('admin');
select is(tests.upload(tests.id('clinic') || '/a.pdf'), 'stored', 'an administrator does');
select is(tests.upload(tests.id('market') || '/a.pdf'), 'refused', 'but not for others');
select is(tests.upload('a.pdf'), 'refused', 'nor for nobody');
select tests.act_as('viewer');
select is(tests.read_uploads(), 0::bigint, 'a viewer reads none');
select tests.act_as('owner');
select is(tests.read_uploads(), 3::bigint, 'an owner also what descends from the own');
select tests.act_as('outsider');
select is(tests.read_uploads(), 0::bigint, 'an outsider reads none');
select tests.act_as('anon');
select is(tests.upload(tests.id('clinic') || '/b.pdf'), 'refused', 'and nobody who isn''t signed in puts any');

select * from finish();
rollback;
