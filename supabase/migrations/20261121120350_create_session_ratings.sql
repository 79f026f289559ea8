-- Whether people were helped: one tap after a conversation that is over, counted as "satisfaction".

create table public.session_ratings (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  session_id uuid not null,
  contact_id uuid not null,
  rating text not null,
  rated_at timestamptz not null default now(),
  constraint session_ratings_pkey primary key (id),
  -- The first answer stands: what was counted of it stays true.
  constraint session_ratings_session_unique unique (org_id, session_id),
  constraint session_ratings_session_fkey foreign key (org_id, session_id)
    references public.unified_sessions (org_id, id) on delete cascade,
  constraint session_ratings_contact_fkey foreign key (org_id, contact_id)
    references public.contacts (org_id, id) on delete cascade,
  constraint session_ratings_rating_is_known check (rating in ('up', 'down'))
);
create index session_ratings_contact_idx on public.session_ratings (org_id, contact_id);
-- Metrics find them by their time, over all organizations.
create index session_ratings_rated_at_idx on public.session_ratings (rated_at);

alter table public.session_ratings enable row level security;
revoke all on table public.session_ratings from public, anon, authenticated, service_role;
grant select on table public.session_ratings to authenticated;
grant select, insert, update, delete on table public.session_ratings to service_role;
create policy "members read the session ratings of their organizations" on public.session_ratings
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

-- The effect of a tap: {session_id, rating: 'up'|'down'}. Anybody can send any id: what isn't the contact's
-- own session, or isn't over, is left alone, and nothing else of the turn is refused for it.
create function private.rate_session(p_origin jsonb, p_effect jsonb) returns text
language plpgsql set search_path = '' as $$
begin
  insert into public.session_ratings (org_id, session_id, contact_id, rating)
  select session.org_id, session.id, session.contact_id, p_effect ->> 'rating'
  from public.unified_sessions as session
  where session.org_id = (p_origin ->> 'org_id')::uuid and session.id = (p_effect ->> 'session_id')::uuid
    and session.contact_id = (p_origin ->> 'contact_id')::uuid
    and (session.status = 'completed' or exists (
      select 1 from public.hand_overs as over
      where over.org_id = session.org_id and over.session_id = session.id and over.state = 'released'
    ))
  on conflict (org_id, session_id) do nothing;
  return null;
end
$$;
revoke all on function private.rate_session(jsonb, jsonb) from public, anon, authenticated;
grant execute on function private.rate_session(jsonb, jsonb) to service_role;

-- Whether a contact may be asked now, which happens once in 24 hours; whoever is told yes asks. What was asked is kept with
-- the preferences (domain/orchestrator/rate_session.ts), which go from one session to the next. The caller
-- holds the contact's queue.
create function private.take_rating_turn(p_org_id uuid, p_contact_id uuid) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_format constant text := 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"';
begin
  update public.unified_sessions as session
  set preferences = session.preferences || jsonb_build_object('rating_asked_at', to_char(now() at time zone 'UTC', v_format))
  where session.id = (
    select latest.id from public.unified_sessions as latest
    where latest.org_id = p_org_id and latest.contact_id = p_contact_id
    order by latest.started_at desc limit 1
  )
    -- As text: ISO 8601 in UTC sorts by time, and nothing that is stored there can fail.
    and coalesce(session.preferences ->> 'rating_asked_at', '') collate "C"
      <= to_char(now() at time zone 'UTC' - interval '24 hours', v_format) collate "C";
  return found;
end
$$;
revoke all on function private.take_rating_turn(uuid, uuid) from public, anon, authenticated;
grant execute on function private.take_rating_turn(uuid, uuid) to service_role;
