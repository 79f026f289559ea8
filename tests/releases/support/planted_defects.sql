-- One defect of each kind that the advisors know. Applied to a copy of the migrated database by advisors_test.ts.

create table public.open_table (id uuid primary key, name text);
grant select on public.open_table to anon;

create table public.policy_without_rls (id uuid primary key);
create policy "nobody minds" on public.policy_without_rls for select to authenticated using (id is not null);

create view public.definer_view as select id, name from public.organizations;
grant select on public.definer_view to authenticated;

create view public.users_view as select id, email from auth.users;
grant select on public.users_view to anon, authenticated;

create function public.mutable_path() returns integer language sql as 'select 1';

create table public.slow_policy (id uuid primary key, user_id uuid not null);
alter table public.slow_policy enable row level security;
create policy "their own" on public.slow_policy for select to authenticated using (user_id = auth.uid());
create policy "their own again" on public.slow_policy for select to authenticated using (user_id = (select auth.uid()));

create table public.metadata_policy (id uuid primary key);
alter table public.metadata_policy enable row level security;
create policy "what a user writes" on public.metadata_policy for select to authenticated
  using (((select auth.jwt()) -> 'user_metadata' ->> 'role') = 'admin');

create table public.always_true (id uuid primary key);
alter table public.always_true enable row level security;
create policy "everybody writes" on public.always_true for insert to authenticated with check (true);

create table public.no_policy (id uuid primary key);
alter table public.no_policy enable row level security;
create table public.no_key (id uuid);
alter table public.no_key enable row level security;

create table public.unindexed (id uuid primary key, org_id uuid not null references public.organizations (id));
alter table public.unindexed enable row level security;

create table public.doubled (id uuid primary key, name text);
alter table public.doubled enable row level security;
create index doubled_name_one_idx on public.doubled (name);
create index doubled_name_two_idx on public.doubled (name);

create materialized view public.exposed_totals as select count(*) as total from public.organizations;
grant select on public.exposed_totals to anon;

create function public.anybody_is_definer() returns integer language sql security definer set search_path = '' as 'select 1';
grant execute on function public.anybody_is_definer() to anon;
create function public.members_are_definer() returns integer language sql security definer set search_path = '' as 'select 1';
revoke execute on function public.members_are_definer() from public, anon;
grant execute on function public.members_are_definer() to authenticated;

create table public.secrets_shown (id uuid primary key, password text, credit_card text);
grant select on public.secrets_shown to anon;
