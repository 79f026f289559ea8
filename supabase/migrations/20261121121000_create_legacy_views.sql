-- The unified tables under the names that older dashboards read. As whoever asks, so that the tables'
-- own policies hold; where a relation of that name exists already, it stays what it is.

do $$
declare
  v_view record;
  -- What every listing says, in the older words.
  v_listing constant text := $columns$
    id, org_id, contact_id, title, description, category, price, currency, price_unit, quantity,
    place_name as location, latitude, longitude, attributes as metadata, state as status, expires_at, created_at, updated_at
  $columns$;
begin
  for v_view in
    select * from (values
      ('marketplace_listings', format(
        $view$ select %s, contact_id as seller_id, side as listing_type from public.unified_listings where domain = 'marketplace' $view$, v_listing
      )),
      ('jobs', format(
        $view$ select %s, contact_id as employer_id, attributes ->> 'salary' as salary from public.unified_listings
          where domain = 'jobs' and side = 'offer' $view$, v_listing
      )),
      ('job_listings', format(
        $view$ select %s, contact_id as employer_id, attributes ->> 'salary' as salary from public.unified_listings
          where domain = 'jobs' and side = 'offer' $view$, v_listing
      )),
      ('job_applications', $view$
        select application.id, application.org_id, application.listing_id as job_id, application.contact_id as applicant_id,
          application.contact_id, application.details as metadata, application.state as status,
          application.submitted_at as applied_at, application.created_at, application.updated_at
        from public.unified_applications as application
        join public.unified_listings as listing
          on listing.org_id = application.org_id and listing.id = application.listing_id
        where listing.domain = 'jobs' and application.kind = 'application'
      $view$),
      ('properties', format(
        $view$ select %s, contact_id as owner_id, attributes ->> 'bedrooms' as bedrooms, attributes ->> 'deal' as listing_type
          from public.unified_listings where domain = 'property' and side = 'offer' $view$, v_listing
      )),
      ('property_inquiries', $view$
        select application.id, application.org_id, application.listing_id as property_id, application.contact_id as inquirer_id,
          application.contact_id, application.kind as inquiry_type, application.details ->> 'message' as message,
          application.details as metadata, application.state as status, application.created_at, application.updated_at
        from public.unified_applications as application
        join public.unified_listings as listing
          on listing.org_id = application.org_id and listing.id = application.listing_id
        where listing.domain = 'property'
      $view$),
      ('produce_listings', format(
        $view$ select %s, contact_id as farmer_id, coalesce(attributes ->> 'crop', category) as crop,
          attributes ->> 'harvest_date' as harvest_date
          from public.unified_listings where domain = 'farmer' and side = 'offer' $view$, v_listing
      ))
    ) as wanted (name, query)
  loop
    if to_regclass(format('public.%I', v_view.name)) is null then
      execute format('create view public.%I with (security_invoker = true) as %s', v_view.name, v_view.query);
      execute format('revoke all on table public.%I from public, anon, authenticated, service_role', v_view.name);
      execute format('grant select on table public.%I to authenticated, service_role', v_view.name);
      execute format('comment on view public.%I is %L', v_view.name, 'Of the unified tables, for readers of the older schema.');
    else
      raise notice 'View "%" is not created: the name is taken', v_view.name;
    end if;
  end loop;
end
$$;
