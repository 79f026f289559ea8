begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();

-- A person of two contacts that were merged, with two replies: pages of each size end somewhere else.
create function tests.keep(p_limit integer) returns uuid language plpgsql as $$
declare
  v_ids uuid[] := array[md5('a' || p_limit)::uuid, md5('b' || p_limit)::uuid];
begin
  insert into public.contacts (id, org_id, rollout_key)
  select v_ids[n], tests.id('clinic'), p_limit || '/' || n from generate_series(1, 2) as n;
  insert into public.contact_identities (org_id, kind, value, contact_id)
  values (tests.id('clinic'), 'phone', '2507880001' || lpad(p_limit::text, 2, '0'), v_ids[1]);
  perform private.merge_contacts(tests.id('clinic'), v_ids[1], v_ids[2]);
  insert into public.outbound_messages (org_id, contact_id, kind, type, content)
  select tests.id('clinic'), v_ids[n], 'reply', 'text', '{"text": "x"}' from generate_series(1, 2) as n;
  return v_ids[1];
end
$$;
create function tests.erase(p_contact_id uuid, p_limit integer) returns text language plpgsql as $$
declare
  v_answer jsonb;
begin
  for round in 1 .. 50 loop
    v_answer := public.erase_person(jsonb_build_object(
      'org_id', tests.id('clinic'), 'contact_id', p_contact_id, 'name', 'Clinic', 'limit', p_limit, 'dry_run', false,
      'request_id', 'limit ' || p_limit, 'rows', '{}'::jsonb
    ));
    if v_answer ->> 'code' <> 'erased' then return v_answer ->> 'code'; end if;
    if (v_answer ->> 'done')::boolean then return 'done'; end if;
  end loop;
  return 'endless';
end
$$;
select is(tests.erase(tests.keep(size), size), 'done', format('in pages of %s it ends', size)) from generate_series(1, 12) as size;
select is((select count(*) from public.contacts), 0::bigint, 'with nothing of either contact left');
select is(
  (select count(distinct request_id) from public.audit_log where action = 'person_erased'), 12::bigint, 'and each time it is recorded'
);
select * from finish();
rollback;
