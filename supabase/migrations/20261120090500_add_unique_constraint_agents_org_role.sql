-- One agent a role, whoever saves at the same instant. The constraint's own index serves what the
-- plain one did, so that one goes.
alter table public.agents add constraint agents_org_id_role_unique unique (org_id, role);
drop index public.idx_agents_org_role;
