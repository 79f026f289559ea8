-- Who is working on what, one holder at a time. A lease ends by being released or by running out;
-- its fencing token lets whoever lost it do no harm afterwards.

-- One sequence for all leases: a token is never given twice, even after a lease's row was deleted.
create sequence private.fencing_tokens as bigint;
revoke all on sequence private.fencing_tokens from public, anon, authenticated, service_role;
grant usage on sequence private.fencing_tokens to service_role;

create table public.leases (
  org_id uuid not null,
  resource text not null,
  fencing_token bigint not null,
  holder text not null,
  lease_seconds integer not null,
  claimed_at timestamptz not null,
  expires_at timestamptz not null,
  released_at timestamptz,
  constraint leases_pkey primary key (org_id, resource),
  constraint leases_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint leases_resource_is_a_name check (resource ~ '^[a-z][a-z0-9_]*(:[a-zA-Z0-9_-]+)*$'),
  constraint leases_lease_seconds_is_1_to_3600 check (lease_seconds between 1 and 3600)
);
create index leases_released_at_idx on public.leases (released_at) where released_at is not null;

alter table public.leases enable row level security;
revoke all on table public.leases from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.leases to service_role;
create policy "only the service role reaches leases" on public.leases
  for all to service_role using (true) with check (true);

-- Answers the fencing token and whether the holder before let its lease run out; no token (null)
-- while another holds it. `on conflict` makes two at the same instant queue up for the row.
create function private.claim_lease(
  p_org_id uuid,
  p_resource text,
  p_holder text,
  p_lease_seconds integer,
  out fencing_token bigint,
  out interrupted boolean
)
language plpgsql set search_path = '' as $$
declare
  v_before public.leases;
begin
  select * into v_before
  from public.leases as lease
  where lease.org_id = p_org_id and lease.resource = p_resource
  for update;
  interrupted := v_before.fencing_token is not null and v_before.released_at is null;

  insert into public.leases as lease
    (org_id, resource, fencing_token, holder, lease_seconds, claimed_at, expires_at)
  values (
    p_org_id, p_resource, nextval('private.fencing_tokens'), p_holder, p_lease_seconds,
    clock_timestamp(), clock_timestamp() + make_interval(secs => p_lease_seconds)
  )
  on conflict (org_id, resource) do update set
    fencing_token = excluded.fencing_token,
    holder = excluded.holder,
    lease_seconds = excluded.lease_seconds,
    claimed_at = excluded.claimed_at,
    expires_at = excluded.expires_at,
    released_at = null
  where lease.released_at is not null or lease.expires_at <= clock_timestamp()
  returning lease.fencing_token into fencing_token;
end
$$;
revoke all on function private.claim_lease(uuid, text, text, integer) from public, anon, authenticated;
grant execute on function private.claim_lease(uuid, text, text, integer) to service_role;

-- The token of a claim whose answer was lost: null unless the lease is still this very holder's.
create function private.repeat_claim(p_org_id uuid, p_resource text, p_holder text) returns bigint
language plpgsql set search_path = '' as $$
declare
  v_fencing_token bigint;
begin
  update public.leases as lease
  set expires_at = clock_timestamp() + make_interval(secs => lease.lease_seconds)
  where lease.org_id = p_org_id
    and lease.resource = p_resource
    and lease.holder = p_holder
    and lease.released_at is null
    and lease.expires_at > clock_timestamp()
  returning lease.fencing_token into v_fencing_token;
  return v_fencing_token;
end
$$;
revoke all on function private.repeat_claim(uuid, text, text) from public, anon, authenticated;
grant execute on function private.repeat_claim(uuid, text, text) to service_role;

-- Whose lease is it? Locks it until the end of the transaction, so that the answer stays true.
-- 'held': the token's, also past its end, as long as nobody else took it; 'released': the token's
-- holder gave it back before, so this is a call repeated after a lost answer; 'lost': another's.
create function private.lock_lease(p_org_id uuid, p_resource text, p_fencing_token bigint) returns text
language plpgsql set search_path = '' as $$
declare
  v_lease public.leases;
begin
  select * into v_lease
  from public.leases as lease
  where lease.org_id = p_org_id and lease.resource = p_resource and lease.fencing_token = p_fencing_token
  for update;
  if not found then
    return 'lost';
  end if;
  return case when v_lease.released_at is null then 'held' else 'released' end;
end
$$;
revoke all on function private.lock_lease(uuid, text, bigint) from public, anon, authenticated;
grant execute on function private.lock_lease(uuid, text, bigint) to service_role;

create function private.extend_lease(p_org_id uuid, p_resource text, p_fencing_token bigint) returns void
language plpgsql set search_path = '' as $$
begin
  update public.leases as lease
  set expires_at = clock_timestamp() + make_interval(secs => lease.lease_seconds)
  where lease.org_id = p_org_id and lease.resource = p_resource and lease.fencing_token = p_fencing_token;
end
$$;
revoke all on function private.extend_lease(uuid, text, bigint) from public, anon, authenticated;
grant execute on function private.extend_lease(uuid, text, bigint) to service_role;

create function private.release_lease(p_org_id uuid, p_resource text, p_fencing_token bigint) returns void
language plpgsql set search_path = '' as $$
begin
  update public.leases as lease
  set released_at = clock_timestamp(), expires_at = clock_timestamp()
  where lease.org_id = p_org_id and lease.resource = p_resource and lease.fencing_token = p_fencing_token;
end
$$;
revoke all on function private.release_lease(uuid, text, bigint) from public, anon, authenticated;
grant execute on function private.release_lease(uuid, text, bigint) to service_role;

-- When to ask again: holders are usually done long before their lease ends.
create function private.lease_retry_after_seconds(p_org_id uuid, p_resource text) returns integer
language plpgsql stable set search_path = '' as $$
begin
  return coalesce((
    select greatest(1, least(5, ceil(extract(epoch from lease.expires_at - clock_timestamp()))))::integer
    from public.leases as lease
    where lease.org_id = p_org_id and lease.resource = p_resource
  ), 1);
end
$$;
revoke all on function private.lease_retry_after_seconds(uuid, text) from public, anon, authenticated;
grant execute on function private.lease_retry_after_seconds(uuid, text) to service_role;
