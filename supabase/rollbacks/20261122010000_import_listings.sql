-- Data: listings that were imported stay; what is lost is which rows they came from and which were refused or
-- erased here since, so that another import would take all of them over a second time. Keep that first, with
-- pg_dump --format custom --table public.listing_imports --table public.imported_listings.
set local lock_timeout = '5s';
drop function public.read_listing_imports(jsonb);
drop function public.import_listings_page(jsonb);
drop function public.begin_listing_import(jsonb);
drop function public.preview_listings_page(jsonb);
drop function private.import_listings_after(uuid, text, jsonb, text, integer);
drop function private.import_listing(uuid, text, jsonb, jsonb);
drop function private.find_unreadable_value(jsonb);
drop function private.map_listing(jsonb, jsonb, timestamptz);
drop function private.check_import_mapping(jsonb);
drop function private.mapped_columns(jsonb);
drop function public.describe_import_source(jsonb);
drop table public.imported_listings;
drop table public.listing_imports;
