begin;
\ir ../people.psql
\ir ../calls.psql
\ir ../metrics.psql
select no_plan();

select tests.act_as('operator');
select tests.turn('clinic', 'succeeded', 40, 1), tests.turn('clinic', 'failed', 3000, 30), tests.turn('clinic', 'succeeded', 90, 600),
  tests.turn('clinic', 'succeeded', 90, 6000), tests.turn('market', 'failed', 7, 1), tests.turn('clinic', 'succeeded', 90, 20000);
insert into public.provider_call_stats (minute, org_id, provider, operation, outcome, call_count, duration_ms_total, duration_ms_max)
select date_trunc('minute', now(), 'UTC'), tests.id('clinic'), 'vapi', 'op', outcome, calls, calls * 100, 100
from (values ('succeeded', 5), ('refused', 3), ('timed_out', 2), ('rejected_by_breaker', 4)) as call (outcome, calls);
insert into public.unparsed_deliveries (source, reason, body) values ('whatsapp', 'It is no JSON', '\x00'), ('vapi', 'It is no JSON', '\x00');
insert into public.tickets (org_id, number, subject) values (tests.id('clinic'), 'T1', 'It hurts');
insert into public.unified_agent_events (org_id, correlation_id, event_type, outcome, agent, handed_off_from, response_ms, details)
values (tests.id('clinic'), 'h', 'turn', 'succeeded', 'rides', 'jobs', 10, '{"decision_ms": 2.5}');
select tests.ingest_report(false, name) from unnest(array['routed', 'unrouted']) as name;
update public.call_tracking
set ended_at = now() - interval '2 days', ended_reason = case vapi_call_id when 'unrouted' then 'assistant-request-failed' else 'customer-ended-call' end;

select tests.act_as('service role');
select tests.aggregate();
create table tests.answers as
select
  public.read_metrics(jsonb_build_object('org_id', tests.id('clinic'), 'user_id', tests.id('owner'))) as clinic,
  public.read_metrics('{"org_id": null, "user_id": null}') as all_of_them;

select is(clinic ->> 'code', 'read', 'an owner reads') from tests.answers;
select is(
  array(
    select tests.total(clinic, stretch, 'turn', 'jobs') - 'duration_ms_total' - 'duration_counts' from tests.answers,
      unnest(array['5m', '1h', '24h', '7d']) as stretch
  ),
  array[
    '{"succeeded": 1, "failed": 0, "value_total": 1}', '{"succeeded": 1, "failed": 1, "value_total": 2}',
    '{"succeeded": 2, "failed": 1, "value_total": 3}', '{"succeeded": 3, "failed": 1, "value_total": 4}'
  ]::jsonb[],
  'each window holds what is inside it'
);
select is(tests.total(all_of_them, '5m', 'turn', 'jobs') ->> 'failed', '1', 'everybody together is more') from tests.answers;
select is(
  tests.total(clinic, '5m', 'provider_call', 'vapi') - 'duration_counts',
  '{"succeeded": 8, "failed": 6, "value_total": 4, "duration_ms_total": 1400}'::jsonb,
  'a provider''s refusal is an answer; what the breaker rejected is added up'
) from tests.answers;
select is(
  tests.total(all_of_them, '5m', 'session', '') ->> 'failed', '1', 'a delivery that can''t be read is a conversation less'
) from tests.answers;
select is(tests.total(clinic, '5m', 'ticket', '') ->> 'succeeded', '1', 'tickets are counted') from tests.answers;
select is(
  tests.total(clinic, '5m', 'handoff', 'rides') -> 'duration_counts' ->> 0, '1', 'a handoff takes its own time'
) from tests.answers;
select is(
  tests.total(clinic, '7d', 'inbound_routing', '') - 'duration_counts',
  '{"succeeded": 1, "failed": 1, "value_total": 0, "duration_ms_total": 0}'::jsonb, 'a call that Vapi gave up before an assistant had it wasn''t routed'
) from tests.answers;
select cmp_ok(
  (tests.total(all_of_them, '5m', 'database', 'turn') ->> 'succeeded')::integer, '>=', 2, 'the database''s own time is known of what was written'
) from tests.answers;
select is(clinic -> 'gauges' @> '[{"gauge": "open_alerts"}]', false, 'nobody sees another''s gauges') from tests.answers;

select is(private.is_unrouted(reason), lost, reason)
from (values
  ('assistant-request-failed', true), ('assistant-request-returned-error', true), ('assistant-request-returned-no-assistant', true),
  ('assistant-not-found', true), ('call.start.error-get-assistant.assistant-not-valid', true),
  ('assistant-request-returned-forwarding-phone-number', false), ('customer-ended-call', false), ('assistant-ended-call', false), (null, false)
) as known (reason, lost);

-- Whose they are.
select is(
  array(
    select public.read_metrics(jsonb_build_object('org_id', tests.id(org), 'user_id', tests.id(who))) ->> 'code'
    from (values ('clinic', 'admin'), ('clinic', 'member'), ('clinic', 'market owner'), ('market', 'owner'), (null, 'owner'), ('branch', 'owner'), ('market', 'market owner'))
      as asked (org, who)
  ),
  '{forbidden,forbidden,forbidden,forbidden,forbidden,read,read}', 'only owners, of their own and below it'
);
select is(
  array(
    select rpc || ' ' || (answer ->> 'code')
    from (values
      ('levels', public.read_service_levels(jsonb_build_object('org_id', tests.id('market'), 'user_id', tests.id('owner')))),
      ('levels', public.read_service_levels(jsonb_build_object('org_id', null, 'user_id', tests.id('owner')))),
      ('events', public.list_events(jsonb_build_object('org_id', tests.id('market'), 'user_id', tests.id('owner')))),
      ('events', public.list_events(jsonb_build_object('org_id', null, 'user_id', tests.id('owner')))),
      ('costs', public.read_costs(jsonb_build_object('org_id', tests.id('market'), 'user_id', tests.id('owner'), 'from_month', '2026-11-01', 'to_month', '2026-11-01'))),
      ('costs', public.read_costs(jsonb_build_object('org_id', null, 'user_id', tests.id('owner'), 'from_month', '2026-11-01', 'to_month', '2026-11-01')))
    ) as asked (rpc, answer)
  ),
  '{"levels forbidden","levels forbidden","events forbidden","events forbidden","costs forbidden","costs forbidden"}',
  'the same holds for levels, events and costs'
);

select * from finish();
rollback;
