-- The rollout's stages as they were, whoever changed the flags and however: plain SQL too.

create table public.rollout_stages (
  id uuid not null default gen_random_uuid(),
  percent integer not null,
  -- False while the kill switch is pulled: nobody is inside, whatever the percentage.
  is_enabled boolean not null,
  entered_at timestamptz not null default clock_timestamp(),
  entered_by text not null,
  entered_reason text,
  -- What the guard measured last; once the stage is left, what later stages are compared with.
  measures jsonb,
  verdict jsonb,
  -- Enough was measured, and all of it within the limits.
  is_good boolean not null default false,
  evaluated_at timestamptz,
  -- The last stage of the plan was watched for as long as the plan says.
  completed_at timestamptz,
  left_at timestamptz,
  outcome text,
  left_by text,
  left_reason text,
  constraint rollout_stages_pkey primary key (id),
  constraint rollout_stages_percent_is_0_to_100 check (percent between 0 and 100),
  constraint rollout_stages_outcome_is_known check (
    outcome in ('advanced', 'raised', 'rolled_back', 'lowered', 'switched_off', 'switched_on')
  ),
  constraint rollout_stages_left_has_its_outcome check (
    (left_at is null) = (outcome is null) and (left_at is null) = (left_by is null)
  ),
  constraint rollout_stages_ends_after_it_began check (left_at >= entered_at)
);
create unique index rollout_stages_open_unique on public.rollout_stages ((true)) where left_at is null;
create index rollout_stages_entered_at_idx on public.rollout_stages (entered_at desc);

alter table public.rollout_stages enable row level security;
revoke all on table public.rollout_stages from public, anon, authenticated, service_role;
grant select, update on table public.rollout_stages to service_role;
create policy "only the service role reaches rollout_stages" on public.rollout_stages
  for all to service_role using (true) with check (true);

-- Security definer: stages begin and end by this trigger alone. A change of anything else in the flags
-- goes on with the stage.
create function private.track_rollout_stage() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_percent constant integer := (new.value ->> 'unifiedServiceRolloutPercent')::numeric::integer;
  v_is_enabled constant boolean := (new.value ->> 'unifiedServiceEnabled')::boolean;
  v_now constant timestamptz := clock_timestamp();
  v_actor constant text := private.current_actor();
  v_reason constant text := nullif(current_setting('app.reason', true), '');
  v_stage public.rollout_stages;
begin
  select * into v_stage from public.rollout_stages as stage where stage.left_at is null for update;
  if found then
    if v_stage.percent = v_percent and v_stage.is_enabled = v_is_enabled then
      return null;
    end if;
    update public.rollout_stages as stage
    set left_at = greatest(v_now, v_stage.entered_at),
        left_by = v_actor,
        left_reason = v_reason,
        outcome = coalesce(
          nullif(current_setting('app.rollout_outcome', true), ''),
          case
            when v_stage.is_enabled and not v_is_enabled then 'switched_off'
            when v_is_enabled and not v_stage.is_enabled then 'switched_on'
            when v_percent > v_stage.percent then 'raised'
            else 'lowered'
          end
        )
    where stage.id = v_stage.id;
  end if;
  insert into public.rollout_stages (percent, is_enabled, entered_at, entered_by, entered_reason)
  values (v_percent, v_is_enabled, greatest(v_now, v_stage.entered_at), v_actor, v_reason);
  return null;
end
$$;
revoke all on function private.track_rollout_stage() from public, anon, authenticated;

create trigger app_config_in_force_track_rollout_stage after insert or update on private.app_config_in_force
  for each row when (new.key = 'unified_service_flags') execute function private.track_rollout_stage();

-- What is in force where flags are stored already, which begins the first stage; and the plan.
do $$
begin
  perform set_config('app.actor', 'migration', true);
  perform set_config('app.reason', 'Defaults of a new installation', true);
  insert into private.app_config_in_force (key, stored, value, revision)
  select config.key, config.value, private.name_people(config.value), config.revision
  from public.app_config as config
  where config.key = 'unified_service_flags' and private.flags_are_valid(config.value);
  insert into public.app_config (key, value) values
    ('unified_service_rollout_plan', '{
      "mode": "advise",
      "paused": false,
      "stages": [
        {"percent": 1, "dwellHours": 24, "maximumErrorRate": 0.01, "maximumP95Milliseconds": 2000, "minimumSample": 100, "minimumPeople": 5},
        {"percent": 10, "dwellHours": 48, "maximumErrorRate": 0.01, "maximumP95Milliseconds": 2000, "minimumSample": 500, "minimumPeople": 20},
        {"percent": 50, "dwellHours": 48, "maximumErrorRate": 0.005, "maximumP95Milliseconds": 2000, "minimumSample": 1000, "minimumPeople": 50},
        {"percent": 100, "dwellHours": 168, "maximumErrorRate": 0.005, "maximumP95Milliseconds": 2000, "minimumSample": 1000, "minimumPeople": 50}
      ]
    }')
  on conflict (key) do nothing;
  perform set_config('app.actor', '', true);
  perform set_config('app.reason', '', true);
end
$$;
