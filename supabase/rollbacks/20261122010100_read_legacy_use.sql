-- Data: none of it is touched.
drop function public.read_legacy_use(jsonb);
