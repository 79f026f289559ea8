-- What is so at this moment rather than what happened: measured by the worker with every count, so that
-- whoever looks at metrics counts nothing.

create table public.metric_gauges (
  -- Null is over all organizations.
  org_id uuid,
  gauge text not null,
  label text not null default '',
  value numeric not null,
  scope uuid not null generated always as (coalesce(org_id, '00000000-0000-0000-0000-000000000000')) stored,
  constraint metric_gauges_pkey primary key (scope, gauge, label),
  constraint metric_gauges_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint metric_gauges_gauge_is_snake_case check (gauge ~ '^[a-z][a-z0-9_]{0,99}$'),
  constraint metric_gauges_label_is_at_most_100_characters check (char_length(label) <= 100)
);
create index metric_gauges_org_id_idx on public.metric_gauges (org_id);

alter table public.metric_gauges enable row level security;
revoke all on table public.metric_gauges from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.metric_gauges to service_role;
create policy "only the service role reaches metric_gauges" on public.metric_gauges
  for all to service_role using (true) with check (true);

create index dead_letters_open_idx on public.dead_letters (dead_lettered_at) where replayed_at is null;

-- Depths add up over organizations, ages don't: the oldest is. What nothing is found of is 0 over all
-- and has no row of its own in an organization.
create function private.measure_gauges() returns void
language plpgsql set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_now constant timestamptz := clock_timestamp();
begin
  with waiting (org_id, label, waits_since) as (
    select queue.org_id, 'turns', queue.turn_due_at from public.contact_queues as queue where queue.turn_due_at <= v_now
    union all
    select queue.org_id, 'outbox', queue.send_due_at from public.contact_queues as queue where queue.send_due_at <= v_now
    union all
    select job.org_id, 'jobs', job.available_at from public.background_jobs as job
    where job.state = 'queued' and job.available_at <= v_now
    union all
    -- All that the older service hasn't got yet, since it came: while it is down nothing of it is due for long.
    select delivery.org_id, 'legacy', delivery.created_at
    from public.legacy_deliveries as delivery
    where delivery.due_at is not null
  ),
  found (org_id, gauge, label, value) as (
    select waiting.org_id, 'queue_depth', waiting.label, count(*)::numeric
    from waiting group by waiting.org_id, waiting.label
    union all
    select
      waiting.org_id, 'queue_age_seconds', waiting.label,
      round(extract(epoch from v_now - min(waiting.waits_since)))
    from waiting group by waiting.org_id, waiting.label
    union all
    select session.org_id, 'active_sessions', '', count(*)
    from public.unified_sessions as session
    where session.completed_at is null and session.expired_at is null
      and session.last_message_at > v_now - interval '1 day'
    group by session.org_id
    union all
    select waiting.org_id, 'waiting_for_person', '', count(*)
    from public.hand_overs as waiting
    where waiting.state <> 'released'
    group by waiting.org_id
    union all
    select letter.org_id, 'dead_letters', letter.source, count(*)
    from public.dead_letters as letter
    where letter.replayed_at is null
    group by letter.org_id, letter.source
    union all
    select alert.org_id, 'open_alerts', alert.severity, count(*)
    from public.alerts as alert
    where alert.state <> 'resolved'
    group by alert.org_id, alert.severity
    union all
    select agent.org_id, 'agents', agent.state, count(*)
    from public.agents as agent
    group by agent.org_id, agent.state
    union all
    select null, known.gauge, known.label, 0
    from (values
      ('queue_depth', 'turns'), ('queue_depth', 'outbox'), ('queue_depth', 'jobs'), ('queue_depth', 'legacy'),
      ('queue_age_seconds', 'turns'), ('queue_age_seconds', 'outbox'), ('queue_age_seconds', 'jobs'),
      ('queue_age_seconds', 'legacy'),
      ('active_sessions', ''), ('waiting_for_person', '')
    ) as known (gauge, label)
  ),
  measured as materialized (
    select
      found.org_id, found.gauge, found.label,
      case when found.gauge = 'queue_age_seconds' then max(found.value) else sum(found.value) end as value
    from found
    group by grouping sets ((found.org_id, found.gauge, found.label), (found.gauge, found.label))
    having grouping(found.org_id) = 1 or found.org_id is not null
  ),
  vanished as (
    delete from public.metric_gauges as before
    where not exists (
      select 1 from measured
      where measured.org_id is not distinct from before.org_id and measured.gauge = before.gauge
        and measured.label = before.label
    )
  )
  insert into public.metric_gauges as before (org_id, gauge, label, value)
  select measured.org_id, measured.gauge, measured.label, measured.value
  from measured
  order by measured.gauge, measured.label, measured.org_id
  on conflict (scope, gauge, label) do update set value = excluded.value
  where before.value <> excluded.value;
end
$$;
revoke all on function private.measure_gauges() from public, anon, authenticated;
grant execute on function private.measure_gauges() to service_role;
