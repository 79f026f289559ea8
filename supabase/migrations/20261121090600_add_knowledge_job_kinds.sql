-- Where uploads wait to be read, and the three kinds of work on documents.

do $$
begin
  insert into storage.buckets (id, name, public, file_size_limit)
  values ('knowledge', 'knowledge', false, 10485760)
  on conflict (id) do nothing;
end
$$;

-- Objects are named <org_id>/…: what an owner or an administrator puts there can become a document, and
-- members may have it again.
create policy "members read the uploads of their organizations" on storage.objects
  for select to authenticated
  using (
    bucket_id = 'knowledge'
    and (storage.foldername(name))[1] = any ((select private.my_organization_ids('member'))::text[])
  );
create policy "owners and admins upload for their organizations" on storage.objects
  for insert to authenticated
  with check (
    bucket_id = 'knowledge'
    and (storage.foldername(name))[1] = any ((select private.my_organization_ids('admin'))::text[])
  );

do $$
begin
  perform private.add_job_kinds(array['prepare_knowledge', 'embed_knowledge', 'clean_knowledge']);
end
$$;

do $$
begin
  if exists (select 1 from pg_catalog.pg_extension as installed where installed.extname = 'pg_cron') then
    perform private.schedule_worker('prepare_knowledge', '10 seconds');
    perform private.schedule_worker('embed_knowledge', '10 seconds');
    perform private.schedule_worker('clean_knowledge', '*/10 * * * *');
  end if;
end
$$;
