-- Organizations, who belongs to them, and the one question everything else asks: which role does
-- this person have here?

-- What the Data API never exposes: helpers of policies and of functions, and secrets.
create schema if not exists private;
revoke all on schema private from public, anon, authenticated;
grant usage on schema private to authenticated, service_role;

create table public.organizations (
  id uuid not null default gen_random_uuid(),
  parent_id uuid,
  name text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint organizations_pkey primary key (id),
  constraint organizations_parent_id_fkey foreign key (parent_id)
    references public.organizations (id),
  constraint organizations_name_is_1_to_200_characters check (char_length(name) between 1 and 200),
  constraint organizations_parent_is_another_organization check (parent_id <> id)
);
create index organizations_parent_id_idx on public.organizations (parent_id);

create table public.organization_members (
  org_id uuid not null,
  user_id uuid not null,
  role text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint organization_members_pkey primary key (org_id, user_id),
  constraint organization_members_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint organization_members_user_id_fkey foreign key (user_id)
    references auth.users (id) on delete cascade,
  constraint organization_members_role_is_known check (role in ('owner', 'admin', 'member', 'viewer'))
);
create index organization_members_user_id_idx on public.organization_members (user_id);

create function private.touch_updated_at() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.updated_at := now();
  return new;
end
$$;
revoke all on function private.touch_updated_at() from public, anon, authenticated;

create trigger organizations_touch_updated_at before update on public.organizations
  for each row execute function private.touch_updated_at();
create trigger organization_members_touch_updated_at before update on public.organization_members
  for each row execute function private.touch_updated_at();

create function private.refuse_organization_cycle() returns trigger
language plpgsql set search_path = '' as $$
begin
  if exists (
    with recursive ancestors (id, parent_id) as (
      select organization.id, organization.parent_id
      from public.organizations as organization
      where organization.id = new.parent_id
      union
      select organization.id, organization.parent_id
      from public.organizations as organization
      join ancestors on organization.id = ancestors.parent_id
    )
    select 1 from ancestors where ancestors.id = new.id
  ) then
    raise exception 'Cannot move organization "%": its new parent is one of its own descendants', new.id
      using errcode = 'check_violation', constraint = 'organizations_parent_is_not_a_descendant';
  end if;
  return new;
end
$$;
revoke all on function private.refuse_organization_cycle() from public, anon, authenticated;

create trigger organizations_refuse_cycle before update of parent_id on public.organizations
  for each row when (new.parent_id is not null and new.parent_id is distinct from old.parent_id)
  execute function private.refuse_organization_cycle();

create function private.role_rank(p_role text) returns integer
language plpgsql immutable set search_path = '' as $$
begin
  return case p_role when 'viewer' then 1 when 'member' then 2 when 'admin' then 3 when 'owner' then 4 else 0 end;
end
$$;
revoke all on function private.role_rank(text) from public, anon, authenticated;
grant execute on function private.role_rank(text) to service_role;

-- Every organization a person acts in, with the role there: the memberships, and 'owner' in all
-- that descends from an organization the person owns.
-- Security definer: policies call it, and a policy on the very tables it reads would recurse.
create function private.organization_roles_of(p_user_id uuid) returns table (org_id uuid, role text)
language plpgsql stable security definer set search_path = '' as $$
begin
  return query
  with recursive owned (id) as (
    select membership.org_id
    from public.organization_members as membership
    where membership.user_id = p_user_id and membership.role = 'owner'
    union
    select child.id
    from public.organizations as child
    join owned on child.parent_id = owned.id
  )
  select owned.id, 'owner'::text from owned
  union all
  select membership.org_id, membership.role
  from public.organization_members as membership
  where membership.user_id = p_user_id
    and not exists (select 1 from owned where owned.id = membership.org_id);
end
$$;
revoke all on function private.organization_roles_of(uuid) from public, anon, authenticated;
grant execute on function private.organization_roles_of(uuid) to service_role;

-- A person's role in one organization, walking up to its ancestors; null for a stranger.
create function private.organization_role(p_org_id uuid, p_user_id uuid) returns text
language plpgsql stable set search_path = '' as $$
begin
  return (
    with recursive ancestors (id, parent_id) as (
      select organization.id, organization.parent_id
      from public.organizations as organization
      where organization.id = p_org_id
      union
      select organization.id, organization.parent_id
      from public.organizations as organization
      join ancestors on organization.id = ancestors.parent_id
    )
    select membership.role
    from ancestors
    join public.organization_members as membership
      on membership.org_id = ancestors.id and membership.user_id = p_user_id
    where ancestors.id = p_org_id or membership.role = 'owner'
    order by private.role_rank(membership.role) desc
    limit 1
  );
end
$$;
revoke all on function private.organization_role(uuid, uuid) from public, anon, authenticated;
grant execute on function private.organization_role(uuid, uuid) to service_role;

-- For policies. An array, so that a policy becomes `org_id = any (<constant>)`, which an index on
-- org_id serves, computed once a statement. It asks only about the caller: nobody can ask about another.
-- Security definer: it reads the tables whose policies call it.
create function private.my_organization_ids(p_minimum_role text) returns uuid[]
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select coalesce(array_agg(mine.org_id), '{}')
    from private.organization_roles_of((select auth.uid())) as mine
    where private.role_rank(mine.role) >= private.role_rank(p_minimum_role)
  );
end
$$;
revoke all on function private.my_organization_ids(text) from public, anon, authenticated;
grant execute on function private.my_organization_ids(text) to authenticated, service_role;

alter table public.organizations enable row level security;
revoke all on table public.organizations from public, anon, authenticated, service_role;
grant select on table public.organizations to authenticated;
grant select, insert, update, delete on table public.organizations to service_role;
create policy "members read their organizations" on public.organizations
  for select to authenticated
  using (id = any ((select private.my_organization_ids('viewer'))::uuid[]));

alter table public.organization_members enable row level security;
revoke all on table public.organization_members from public, anon, authenticated, service_role;
grant select on table public.organization_members to authenticated;
grant select, insert, update, delete on table public.organization_members to service_role;
create policy "members see who else is in their organizations" on public.organization_members
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('viewer'))::uuid[]));
