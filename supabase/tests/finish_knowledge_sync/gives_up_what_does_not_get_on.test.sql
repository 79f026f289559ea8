-- A sync that leaves something undone goes on at once while it gets on, then after pauses, and not for ever.
begin;
\ir ../people.psql
\ir ../knowledge_sync.psql
select plan(11);

create function tests.due() returns interval language sql as $$
  select due_at - clock_timestamp() from public.knowledge_syncs where org_id = tests.id('clinic')
$$;
create function tests.leave_undone(p_progressed boolean) returns jsonb language plpgsql as $$
begin
  perform tests.remember('claim', tests.claim_knowledge('{"started_by": "worker"}'));
  return tests.finish_knowledge(jsonb_build_object(
    'outcome', 'partially_succeeded', 'unfinished', true, 'progressed', p_progressed, 'error', 'Vapi: out of order'
  ));
end
$$;

select tests.leave_undone(true);
select ok(tests.due() <= interval '0', 'one that got on goes on at once');
select tests.leave_undone(false);
select ok(tests.due() between interval '20 seconds' and interval '40 seconds', 'one that did not waits');
select tests.leave_undone(false);
select ok(tests.due() > interval '50 seconds', 'longer each time');
select tests.leave_undone(true);
select ok(tests.due() <= interval '0', 'until it gets on again');

insert into public.knowledge_files (org_id, content_hash, key_fingerprint, error)
values (tests.id('clinic'), md5('Hours'), 'fp', 'out of order');
update public.knowledge_syncs set consecutive_failures = 7 where org_id = tests.id('clinic');
select tests.leave_undone(false);
select ok(tests.due() > interval '1 minute', 'the eighth is tried again');
select tests.leave_undone(false);
select ok(tests.due() > interval '20 hours', 'after the ninth it is only looked at once a day, should the file arrive late');
select is(
  (select (state, error)::text from public.knowledge_files where org_id = tests.id('clinic')), '(failed,"out of order")',
  'what never got there has failed, and why is kept'
);
select is(
  (select (state, error)::text from public.knowledge_syncs where org_id = tests.id('clinic')),
  '(partially_synced,"Vapi: out of order")', 'and so is said of the sync'
);
select is(
  (select message from public.alerts where rule = 'knowledge_sync_failed' and state = 'raised'),
  'Cannot bring the knowledge base to Vapi: 9 attempts in a row failed, a change or a request tries again',
  'a person is told how often'
);
select private.queue_knowledge_sync(tests.id('clinic'), interval '0');
select tests.leave_undone(false);
select ok(tests.due() > interval '20 seconds', 'what is wanted anew has its own attempts');

-- What Vapi has is looked at once a day, also where a document of it failed.
update public.knowledge_syncs set tool_id = 'tool' where org_id = tests.id('clinic');
select tests.remember('claim', tests.claim_knowledge('{"started_by": "worker"}'));
select tests.finish_knowledge('{"outcome": "partially_succeeded"}');
select ok(tests.due() between interval '20 hours' and interval '28 hours', 'a tool that is there is looked at once a day');
select * from finish();
rollback;
