begin;
\ir ../people.psql
\ir ../knowledge_sync.psql
select no_plan();

select tests.remember('claim', tests.claim_knowledge());
select is(tests.recall('claim') ->> 'code', 'claimed', 'a sync is claimed');
select is(jsonb_array_length(tests.recall('claim') -> 'documents'), 1, 'with what is to be searchable');
select is(
  tests.claim_knowledge('{"request_id": "r2"}') - 'retry_after_seconds',
  jsonb_build_object('code', 'held', 'sync_id', tests.recall('claim') -> 'sync_id'), 'the next is told which is running'
);
select is(
  (select state from public.kb_sync_log where org_id = tests.id('clinic')), 'running', 'the log has it, once'
);
select is(tests.finish_knowledge() ->> 'code', 'recorded', 'it ends');
select is(tests.finish_knowledge() -> 'again', 'false', 'ended twice, it has ended');
select is(tests.claim_knowledge() ->> 'code', 'too_soon', 'nothing changed: not again within a minute');
select is(tests.claim_knowledge('{"started_by": "worker"}') ->> 'code', 'unchanged', 'nothing to do for the worker');
select is(tests.claim_knowledge('{"tool_name": "other"}') ->> 'code', 'claimed', 'another name is a change');
update public.leases set expires_at = now() - interval '1 second';
select tests.add_document('clinic', 'Prices');
select tests.remember('claim', tests.claim_knowledge());
select is(tests.recall('claim') ->> 'code', 'claimed', 'so is a document, and a lease that ran out is taken over');
select is(
  (select count(*)::integer from public.kb_sync_log where state = 'interrupted'), 1, 'the one before was interrupted'
);
select is(tests.recall('claim') #>> '{sync,tool_name}', 'other', 'what isn''t said stays as it was');

update public.agents set vapi_assistant_id = null where org_id = tests.id('clinic') and role = 'outbound';
select is(
  tests.claim_knowledge(), '{"code": "agents_missing", "roles": ["outbound"]}', 'an agent without an assistant is named'
);
update public.leases set expires_at = now() - interval '1 second';
select tests.remember('claim', tests.claim_knowledge('{"started_by": "worker"}'));
select is(tests.recall('claim') ->> 'code', 'claimed', 'the worker goes on with those that have one');
select is(
  tests.recall('claim') #> '{sync,assistant_roles}', '["inbound", "outbound"]', 'and forgets none that is meant'
);
select tests.finish_knowledge('{"outcome": "partially_succeeded"}');
update public.agents set vapi_assistant_id = null where org_id = tests.id('clinic');
select is(tests.claim_knowledge('{"started_by": "worker"}') ->> 'code', 'agents_missing', 'with nobody it does not');
select is(
  (select (state, error, due_at is null)::text from public.knowledge_syncs where org_id = tests.id('clinic')),
  '(failed,"Cannot sync the knowledge base: no assistant at Vapi yet for inbound and outbound",t)', 'and says why'
);
select is(
  tests.claim_knowledge(jsonb_build_object('org_id', tests.id('market'))) ->> 'code', 'not_connected', 'no account'
);
select * from finish();
rollback;
