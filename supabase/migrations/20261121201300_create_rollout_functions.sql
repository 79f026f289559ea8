-- What the guard of the rollout asks and does, and what operators do by hand.

-- Organizations with a percentage of their own: what goes wrong there is none of a stage's, and going back
-- would change nothing for them.
create function private.orgs_with_own_percent() returns uuid[]
language plpgsql stable set search_path = '' as $$
begin
  return array(
    select organization.id
    from jsonb_each(private.flags_in_force() -> 'overrides') as override
    join public.organizations as organization
      on organization.id = case when override.key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then override.key::uuid end
    where override.value ? 'unifiedServiceRolloutPercent'
  );
end
$$;
revoke all on function private.orgs_with_own_percent() from public, anon, authenticated;
grant execute on function private.orgs_with_own_percent() to service_role;

-- Turns of the people inside by the stage's percentage or the lists, from the worker's counts: everybody's but
-- those of organizations with their own. p_from: rounded up to the minute, so that what happened before a
-- stage isn't counted in it.
create function private.measure_turns(p_from timestamptz, p_to timestamptz) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_from constant timestamptz := date_trunc('minute', p_from + interval '1 minute - 1 microsecond', 'UTC');
begin
  if v_from >= p_to then
    return '{"turns": 0, "failed": 0, "duration_counts": []}';
  end if;
  return (
    with part as materialized (
      select 1 as sign, everybody.* from private.read_metric(null, 'turn', v_from, p_to) as everybody
      union all
      select -1, own.*
      from unnest(private.orgs_with_own_percent()) as left_out (org_id)
      cross join lateral private.read_metric(left_out.org_id, 'turn', v_from, p_to) as own
    )
    select jsonb_build_object(
      'turns', coalesce(sum(part.sign * (part.succeeded + part.failed)), 0),
      'failed', coalesce(sum(part.sign * part.failed), 0),
      'duration_counts', (
        select coalesce(jsonb_agg(bucket.size order by bucket.place), '[]')
        from (
          select counted.place, sum(one.sign * counted.size) as size
          from part as one
          cross join lateral unnest(one.duration_counts) with ordinality as counted (size, place)
          group by counted.place
        ) as bucket
      )
    )
    from part
  );
end
$$;
revoke all on function private.measure_turns(timestamptz, timestamptz) from public, anon, authenticated;
grant execute on function private.measure_turns(timestamptz, timestamptz) to service_role;

-- How many different people of theirs had a turn since p_from, among the newest 5,000 turns of theirs, and no
-- more than the newest 100,000 of everybody's are looked at.
create function private.count_people(p_from timestamptz) returns integer
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_left_out constant uuid[] := private.orgs_with_own_percent();
begin
  return (
    select count(distinct newest.contact_id)
    from (
      select looked.contact_id
      from (
        select event.org_id, event.contact_id
        from public.unified_agent_events as event
        where event.created_at >= p_from and event.event_type = 'turn' and event.outcome in ('succeeded', 'failed')
        order by event.created_at desc
        limit 100000
      ) as looked
      where looked.org_id <> all (v_left_out)
      limit 5000
    ) as newest
  );
end
$$;
revoke all on function private.count_people(timestamptz) from public, anon, authenticated;
grant execute on function private.count_people(timestamptz) to service_role;

-- The stage that a rollback from this one goes to: the last one below it that was good, since the
-- rollout was last at 0 or switched off. Null without one.
create function private.last_good_stage(p_stage public.rollout_stages) returns public.rollout_stages
language plpgsql stable set search_path = '' as $$
declare
  v_good public.rollout_stages;
begin
  select * into v_good
  from public.rollout_stages as stage
  where stage.is_good and stage.is_enabled and stage.percent between 1 and p_stage.percent - 1
    and stage.entered_at < p_stage.entered_at
    and stage.entered_at > coalesce((
      select max(start.entered_at)
      from public.rollout_stages as start
      where (start.percent = 0 or not start.is_enabled) and start.entered_at <= p_stage.entered_at
    ), '-infinity')
  order by stage.entered_at desc
  limit 1;
  return v_good;
end
$$;
revoke all on function private.last_good_stage(public.rollout_stages) from public, anon, authenticated;
grant execute on function private.last_good_stage(public.rollout_stages) to service_role;

-- {} -> 'read' {now, flags {value|null, revision|null, is_valid, in_force|null}, plans [{value, revision|null}]
--   (what is stored, then what was before, newest first), plan_revision|null, stage|null, last_good|null,
--   counted_until|null (how far the worker has counted turns),
--   since_entered {turns, failed, duration_counts, people}, recent [{minutes, turns, failed, duration_counts}],
--   bounds, stages (the newest 20)}.
create function public.read_rollout(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_config public.app_config;
  v_plan public.app_config;
  v_stage public.rollout_stages;
  v_good public.rollout_stages;
begin
  select * into v_config from public.app_config as config where config.key = 'unified_service_flags';
  select * into v_plan from public.app_config as config where config.key = 'unified_service_rollout_plan';
  select * into v_stage from public.rollout_stages as stage where stage.left_at is null;
  v_good := private.last_good_stage(v_stage);
  return jsonb_build_object(
    'code', 'read',
    'now', v_now,
    'counted_until', (select least(progress.counted_until, v_now) from private.metric_progress as progress),
    'flags', jsonb_build_object(
      'value', v_config.value,
      'revision', v_config.revision,
      'is_valid', private.unified_service_flags_are_valid(),
      'in_force', (
        select kept.stored from private.app_config_in_force as kept where kept.key = 'unified_service_flags'
      )
    ),
    'plan_revision', v_plan.revision,
    'plans', jsonb_build_array(v_plan.value) || coalesce((
      select jsonb_agg(before.value_before order by before.changed_at desc)
      from (
        select change.value_before, change.changed_at
        from public.app_config_history as change
        where change.key = 'unified_service_rollout_plan' and change.value_before is not null
        order by change.changed_at desc
        limit 10
      ) as before
    ), '[]'),
    'stage', case when v_stage.id is not null then to_jsonb(v_stage) end,
    'last_good', case when v_good.id is not null then to_jsonb(v_good) end,
    'since_entered', private.measure_turns(v_stage.entered_at, v_now)
      || jsonb_build_object('people', coalesce(private.count_people(v_stage.entered_at), 0)),
    'recent', (
      select jsonb_agg(
        jsonb_build_object('minutes', span.minutes)
          || private.measure_turns(greatest(v_stage.entered_at, v_now - make_interval(mins => span.minutes)), v_now)
        order by span.minutes
      )
      from unnest(array[15, 60, 360]) as span (minutes)
    ),
    'bounds', to_jsonb(private.metric_bounds()),
    'stages', coalesce((
      select jsonb_agg(to_jsonb(newest) order by newest.entered_at desc)
      from (
        select stage.* from public.rollout_stages as stage order by stage.entered_at desc limit 20
      ) as newest
    ), '[]')
  );
end
$$;
revoke all on function public.read_rollout(jsonb) from public, anon, authenticated;
grant execute on function public.read_rollout(jsonb) to service_role;

-- {expected_percent, expected_stage_id?, to_percent, outcome?: 'advanced'|'rolled_back', pause?,
--  plan?: {value, revision|null}|null (the plan in use, paused: where what is stored is malformed and pausing it
--  would pause nothing; written if that still is at this revision), actor, reason} ->
--   'moved' {percent} | 'changed' {percent}: somebody else was first, nothing was done
--   | 'malformed': what is stored can't be used, and only a rollback goes on from what is in force.
-- Of two who ask at once one moves: the row is locked before the percentage is compared.
create function public.move_rollout(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_to constant integer := (request ->> 'to_percent')::integer;
  v_outcome constant text := request ->> 'outcome';
  v_plan constant jsonb := nullif(request -> 'plan', 'null');
  v_plan_revision integer;
  v_flags jsonb;
  v_stage_id uuid;
  v_percent integer;
begin
  perform 1 from public.app_config as config where config.key = 'unified_service_flags' for update;
  select kept.stored into v_flags from private.app_config_in_force as kept where kept.key = 'unified_service_flags';
  v_percent := (v_flags ->> 'unifiedServiceRolloutPercent')::numeric::integer;
  select stage.id into v_stage_id from public.rollout_stages as stage where stage.left_at is null;
  if v_percent is distinct from (request ->> 'expected_percent')::integer
    or v_stage_id is distinct from coalesce((request ->> 'expected_stage_id')::uuid, v_stage_id) then
    return jsonb_build_object('code', 'changed', 'percent', v_percent);
  elsif v_outcome is distinct from 'rolled_back' and not private.unified_service_flags_are_valid() then
    return '{"code": "malformed"}';
  end if;

  perform set_config('app.actor', request ->> 'actor', true);
  perform set_config('app.reason', left(request ->> 'reason', 1000), true);
  perform set_config('app.rollout_outcome', coalesce(v_outcome, ''), true);
  insert into public.app_config (key, value)
  values ('unified_service_flags', jsonb_set(v_flags, '{unifiedServiceRolloutPercent}', to_jsonb(v_to)))
  on conflict (key) do update set value = excluded.value;
  perform set_config('app.rollout_outcome', '', true);
  if not coalesce((request ->> 'pause')::boolean, false) then
    return jsonb_build_object('code', 'moved', 'percent', v_to);
  end if;
  select config.revision into v_plan_revision
  from public.app_config as config where config.key = 'unified_service_rollout_plan' for update;
  if v_plan is not null and v_plan_revision is not distinct from (v_plan ->> 'revision')::integer then
    insert into public.app_config (key, value) values ('unified_service_rollout_plan', v_plan -> 'value')
    on conflict (key) do update set value = excluded.value;
  else
    update public.app_config as config
    set value = jsonb_set(config.value, '{paused}', 'true')
    where config.key = 'unified_service_rollout_plan' and jsonb_typeof(config.value) = 'object';
  end if;
  return jsonb_build_object('code', 'moved', 'percent', v_to);
end
$$;
revoke all on function public.move_rollout(jsonb) from public, anon, authenticated;
grant execute on function public.move_rollout(jsonb) to service_role;

-- What an evaluation of the guard came to, in one transaction: {stage_id, percent, measures, verdict, is_good,
-- is_completed, move: {to_percent, outcome, pause, plan}|null, raise: [{rule, severity, message, details}],
-- resolve: [rule]} -> 'settled' {moved} | 'changed': the stage was left meanwhile, nothing was done.
create function public.settle_rollout(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_move constant jsonb := nullif(request -> 'move', 'null');
  v_moved jsonb;
  v_item jsonb;
begin
  -- The order of locks of everybody who changes flags: the row first, then the stage.
  perform 1 from public.app_config as config where config.key = 'unified_service_flags' for update;
  update public.rollout_stages as stage
  set measures = request -> 'measures',
      verdict = request -> 'verdict',
      is_good = (request ->> 'is_good')::boolean,
      evaluated_at = clock_timestamp(),
      completed_at = case when (request ->> 'is_completed')::boolean then coalesce(stage.completed_at, clock_timestamp()) end
  where stage.id = (request ->> 'stage_id')::uuid and stage.left_at is null;
  if not found then
    return '{"code": "changed"}';
  end if;
  if v_move is not null then
    v_moved := public.move_rollout(v_move || jsonb_build_object(
      'expected_percent', request -> 'percent',
      'expected_stage_id', request -> 'stage_id',
      'actor', 'rollout',
      'reason', request #>> '{verdict,because}'
    ));
  end if;
  perform set_config('app.actor', 'rollout', true);
  for v_item in select item.value from jsonb_array_elements(request -> 'resolve') as item loop
    perform public.resolve_alert(jsonb_build_object('rule', v_item));
  end loop;
  if v_move is null or v_moved ->> 'code' = 'moved' then
    for v_item in select item.value from jsonb_array_elements(request -> 'raise') as item loop
      perform public.raise_alert(v_item);
    end loop;
  end if;
  return jsonb_build_object('code', 'settled', 'moved', coalesce(v_moved ->> 'code' = 'moved', false));
end
$$;
revoke all on function public.settle_rollout(jsonb) from public, anon, authenticated;
grant execute on function public.settle_rollout(jsonb) to service_role;

-- {key, value, expected_revision|null, actor, reason} -> 'changed' {revision} | 'unchanged' {revision}
--   | 'conflict' {revision|null}: it has another revision. Null expects that there is none.
create function public.change_app_config(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_key constant text := request ->> 'key';
  v_expected constant integer := (request ->> 'expected_revision')::integer;
  v_config public.app_config;
  v_revision integer;
begin
  perform set_config('app.actor', request ->> 'actor', true);
  perform set_config('app.reason', left(request ->> 'reason', 1000), true);
  select * into v_config from public.app_config as config where config.key = v_key for update;
  if v_config.revision is distinct from v_expected then
    return jsonb_build_object('code', 'conflict', 'revision', v_config.revision);
  elsif v_config.value = request -> 'value' then
    return jsonb_build_object('code', 'unchanged', 'revision', v_config.revision);
  end if;
  if v_config.key is null then
    insert into public.app_config (key, value) values (v_key, request -> 'value')
    on conflict (key) do nothing
    returning revision into v_revision;
    if v_revision is null then
      return jsonb_build_object('code', 'conflict', 'revision', null);
    end if;
  else
    update public.app_config as config set value = request -> 'value' where config.key = v_key
    returning config.revision into v_revision;
  end if;
  return jsonb_build_object('code', 'changed', 'revision', v_revision);
end
$$;
revoke all on function public.change_app_config(jsonb) from public, anon, authenticated;
grant execute on function public.change_app_config(jsonb) to service_role;

-- {key|null, before|null (an id), limit} -> 'listed' {changes: [row]}, the newest first.
create function public.list_app_config_history(request jsonb) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_key constant text := request ->> 'key';
  v_limit constant integer := least(greatest(coalesce((request ->> 'limit')::integer, 50), 1), 500);
  v_before public.app_config_history;
  v_changes jsonb;
begin
  select * into v_before
  from public.app_config_history as change where change.id = (request ->> 'before')::uuid;
  select coalesce(jsonb_agg(to_jsonb(page) order by page.changed_at desc, page.id desc), '[]') into v_changes
  from (
    select change.*
    from public.app_config_history as change
    where (v_key is null or change.key = v_key)
      and (v_before.id is null or (change.changed_at, change.id) < (v_before.changed_at, v_before.id))
    order by change.changed_at desc, change.id desc
    limit v_limit
  ) as page;
  return jsonb_build_object('code', 'listed', 'changes', v_changes);
end
$$;
create index app_config_history_changed_at_idx on public.app_config_history (changed_at desc, id desc);
revoke all on function public.list_app_config_history(jsonb) from public, anon, authenticated;
grant execute on function public.list_app_config_history(jsonb) to service_role;

-- Who is meant by a contact's id, a phone number in digits or a BSUID, over all organizations or in one:
-- {contact_id|null, phone|null, bsuid|null, org_id|null} ->
--   'found' {contacts: [{org_id, contact_id, rollout_key, name, phone, bsuid}]}, at most 20. Merged
--   contacts are those that they were merged into.
create function public.find_contacts_for_rollout(request jsonb) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
begin
  return jsonb_build_object('code', 'found', 'contacts', coalesce((
    select jsonb_agg(jsonb_build_object(
      'org_id', contact.org_id, 'contact_id', contact.id, 'rollout_key', contact.rollout_key, 'name', contact.name,
      'phone', private.contact_phone(contact.org_id, contact.id),
      'bsuid', (
        select identity.value from public.contact_identities as identity
        where identity.contact_id = contact.id and identity.org_id = contact.org_id and identity.kind = 'bsuid'
        order by identity.created_at desc
        limit 1
      )
    ) order by contact.org_id, contact.id)
    from (
      select named.org_id, named.contact_id
      from (
        (
          with recursive followed as (
            select known.org_id, known.id, known.merged_into_id
            from public.contacts as known where known.id = (request ->> 'contact_id')::uuid
            union all
            select survivor.org_id, survivor.id, survivor.merged_into_id
            from followed
            join public.contacts as survivor on survivor.org_id = followed.org_id and survivor.id = followed.merged_into_id
          )
          select followed.org_id, followed.id as contact_id from followed where followed.merged_into_id is null
        )
        union
        -- An index probe an organization: names are unique within one.
        select identity.org_id, identity.contact_id
        from public.organizations as organization
        cross join (values ('phone', request ->> 'phone'), ('bsuid', request ->> 'bsuid')) as asked (kind, value)
        cross join lateral (
          select known.org_id, known.contact_id
          from public.contact_identities as known
          where known.org_id = organization.id and known.kind = asked.kind and known.value = asked.value
          limit 1
        ) as identity
        where v_org_id is null or organization.id = v_org_id
      ) as named
      where v_org_id is null or named.org_id = v_org_id
      order by named.org_id, named.contact_id
      limit 20
    ) as meant
    join public.contacts as contact on contact.org_id = meant.org_id and contact.id = meant.contact_id
  ), '[]'));
end
$$;
revoke all on function public.find_contacts_for_rollout(jsonb) from public, anon, authenticated;
grant execute on function public.find_contacts_for_rollout(jsonb) to service_role;

-- Once a minute, one for all organizations; two workers that run it at once do it once.
create function private.queue_due_advance_rollout() returns integer
language plpgsql set search_path = '' as $$
begin
  return private.queue_job('advance_rollout', null, 'all', '{}')::integer;
end
$$;
revoke all on function private.queue_due_advance_rollout() from public, anon, authenticated;
grant execute on function private.queue_due_advance_rollout() to service_role;

do $$
begin
  perform private.add_job_kinds(array['advance_rollout']);
  if exists (select 1 from pg_catalog.pg_extension as installed where installed.extname = 'pg_cron') then
    perform private.schedule_worker('advance_rollout', '* * * * *');
  end if;
end
$$;
