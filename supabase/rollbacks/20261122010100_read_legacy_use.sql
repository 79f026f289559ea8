drop function public.read_legacy_use(jsonb);
