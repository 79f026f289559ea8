-- A call always belongs to an organization. One named check for each table says so, and nothing else
-- does: dropping the one that stands in the way of a repair is a complete rollback of it, and adding
-- it again `not valid`, then validating, puts it back without stopping the writers.

alter table public.leads
  add constraint leads_org_id_not_null check (org_id is not null);
alter table public.call_tracking
  add constraint call_tracking_org_id_not_null check (org_id is not null);
alter table public.call_logs
  add constraint call_logs_org_id_not_null check (org_id is not null);
alter table public.calls
  add constraint calls_org_id_not_null check (org_id is not null);
alter table public.recording_upload_queue
  add constraint recording_upload_queue_org_id_not_null check (org_id is not null);
