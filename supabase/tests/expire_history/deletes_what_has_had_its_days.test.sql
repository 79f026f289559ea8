begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();

select tests.deliver(tests.text('wamid.1'), tests.text('wamid.2', '{"phone": "250788000002"}'));
insert into public.audit_log (org_id, actor, action, created_at)
select tests.id('clinic'), 'system', 'test', now() - age from unnest(array[interval '4 years', interval '2 years']) as age;
insert into public.provider_call_stats (minute, org_id, provider, operation, outcome, call_count, duration_ms_total, duration_ms_max)
select date_trunc('minute', now() - age, 'UTC'), tests.id('clinic'), 'vapi', 'x', 'succeeded', 1, 1, 1
from unnest(array[interval '91 days', interval '89 days']) as age;
insert into public.alerts (org_id, rule, severity, message, state, resolved_at, raised_at)
values (tests.id('clinic'), 'resolved_long_ago', 'info', 'x', 'resolved', now() - interval '181 days', now() - interval '1 year'),
  (tests.id('clinic'), 'resolved_lately', 'info', 'x', 'resolved', now() - interval '179 days', now() - interval '1 year'),
  (tests.id('clinic'), 'still_open', 'info', 'x', 'raised', null, now() - interval '9 years');
insert into public.hand_overs (org_id, contact_id, reason, state, waiting_at, released_at)
select tests.id('clinic'), tests.contact(), 'x', 'released', now() - age, now() - age from unnest(array[interval '366 days', interval '364 days']) as age;
insert into public.hand_overs (org_id, contact_id, reason, waiting_at) values (tests.id('clinic'), tests.contact('250788000002'), 'x', now() - interval '9 years');
insert into public.call_requests (org_id, contact_id, reason, state, completed_at, unknown_at, updated_at)
select tests.id('clinic'), tests.contact(), 'x', state, now(), now(), now() - age
from (values ('completed', interval '366 days'), ('completed', interval '364 days'), ('unknown', interval '9 years')) as made (state, age);
insert into public.unified_listings (org_id, contact_id, domain, title, state, sold_at, updated_at)
select tests.id('clinic'), tests.contact(), 'jobs', 'x', case when sold then 'sold' else 'active' end, case when sold then now() end, now() - age
from (values (true, interval '366 days'), (true, interval '364 days'), (false, interval '9 years')) as made (sold, age);
insert into public.contact_former_identities (org_id, kind, value, contact_id, changed_at)
select tests.id('clinic'), 'phone', '250788999999', tests.contact(), now() - age from unnest(array[interval '91 days', interval '89 days']) as age;

select tests.act_as('service role');
select is(
  public.expire_history('{}') - 'code',
  '{"audit_log": 1, "provider_call_stats": 1, "alerts": 1, "kb_sync_log": 0, "knowledge_base_changelog": 0,
    "failed_conversations": 0, "hand_overs": 1, "call_requests": 1, "unified_listings": 1, "contact_former_identities": 1}',
  'what is finished goes after its days, and what is open never'
);
select is((select string_agg(rule, ', ' order by rule) from public.alerts where rule like '%ly' or rule like 'still%'), 'resolved_lately, still_open', 'by its own age');
update public.app_config set value = value || '{"alerts": null, "hand_overs": "x", "call_requests": 1}' where key = 'retention_days';
update public.alerts set resolved_at = now() - interval '9 years' where state = 'resolved';
update public.hand_overs set released_at = now() - interval '9 years' where state = 'released';
select is(
  (public.expire_history('{}') ->> 'alerts') || (public.expire_history('{}') ->> 'hand_overs'), '00',
  'nothing goes where nothing sensible is configured'
);

-- The three that are partitioned: made ahead, and dropped whole by their days.
select tests.act_as('operator');
select is(
  (select count(*) from pg_class where relnamespace = 'partitions'::regnamespace
    and relname = parent || '_' || to_char(now() at time zone 'UTC' + make_interval(months => ahead), 'YYYY_MM')),
  1::bigint, format('%s has the partition of %s months ahead', parent, ahead)
)
from unnest(array['inbound_messages', 'unified_agent_events', 'operation_events']) as parent, generate_series(0, 3) as ahead;
select private.make_partition(parent, (date_trunc('month', now()) - make_interval(months => age))::date)
from unnest(array['inbound_messages', 'unified_agent_events', 'operation_events']) as parent, unnest(array[14, 15, 11]) as age;
select tests.act_as('service role');
select is(public.expire_messages('{}') ->> 'partitions_dropped', '6', 'two old months of each');
select tests.act_as('operator');
update public.app_config set value = value || '{"operation_events": 90}' where key = 'retention_days';
select tests.act_as('service role');
select is(public.expire_messages('{}') ->> 'partitions_dropped', '1', 'and one more where fewer days are configured');
select * from finish();
rollback;
