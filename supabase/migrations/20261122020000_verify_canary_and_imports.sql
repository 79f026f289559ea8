-- The canary, readiness and the import of listings belong to what `scripts/verify.ts` looks for.

alter function private.find_missing_objects() rename to find_missing_foundation;

-- A name out of a list of names, that is missing: [{check, name}].
create function private.find_missing_objects() returns table (check_name text, object_name text)
language plpgsql stable set search_path = '' as $$
begin
  return query
  select missing.check_name, missing.object_name from private.find_missing_foundation() as missing
  union all
  select 'functions', expected.name
  from unnest(array[
    'ensure_canary_organization', 'read_canary', 'read_readiness', 'describe_import_source', 'preview_listings_page',
    'begin_listing_import', 'import_listings_page', 'read_listing_imports', 'read_legacy_use'
  ]) as expected (name)
  where not exists (
    select 1 from pg_catalog.pg_proc as function
    where function.pronamespace = 'public'::regnamespace and function.proname = expected.name
  )
  union all
  select 'control_tables', expected.name
  from unnest(array['public.listing_imports', 'public.imported_listings']) as expected (name)
  where to_regclass(expected.name) is null;
end
$$;
revoke all on function private.find_missing_objects() from public, anon, authenticated;
grant execute on function private.find_missing_objects() to service_role;
