begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');

select is(private.phone_digits(written), expected, coalesce(written, 'null'))
from (values
  ('+250 788-123-456', '250788123456'), ('250788123456', '250788123456'), ('00250788123456', '250788123456'),
  ('(250) 788 123 456', '250788123456'), ('anonymous', null), ('', null), (null, null), ('+1', null), ('1234567890123456', null)
) as written (written, expected);

select tests.deliver(tests.text('wamid.1'));
select is(private.resolve_contact(tests.id('clinic'), '+250 788 123 456', null, null), tests.contact(), 'who calls is who wrote');
select is((select name from public.contacts), 'Ann', 'a call without a name takes none away');
select isnt(private.resolve_contact(tests.id('market'), '+250788123456', null, 'Ann'), tests.contact(), 'in another organization somebody else');
select is(private.resolve_contact(tests.id('clinic'), 'anonymous', null, 'Nobody'), null, 'nobody is nobody');
select isnt(private.resolve_contact(tests.id('clinic'), '+250 788 999 999', null, 'New'), null, 'a new caller is a new contact');
select is((select rollout_key from public.contacts where name = 'New'), '250788999999', 'whose rollout key doesn''t depend on how the number was written');

-- Merging takes along whatever points at the contact, calls included.
select tests.remember('caller', to_jsonb(private.resolve_contact(tests.id('clinic'), '250788777777', null, 'Caller')));
select tests.act_as('operator');
update public.contacts set created_at = now() - interval '1 day' where name = 'Ann';
insert into public.leads (org_id, contact_id) select tests.id('clinic'), (tests.recall('caller') #>> '{}')::uuid;
insert into public.contact_opt_outs (org_id, contact_id, reason) select tests.id('clinic'), (tests.recall('caller') #>> '{}')::uuid, 'STOP';
select tests.act_as('service role');
select is(private.merge_contacts(tests.id('clinic'), (tests.recall('caller') #>> '{}')::uuid, tests.contact()), tests.contact(), 'the older stays');
select is((select contact_id from public.leads), tests.contact(), 'with the other''s leads');
select is((select contact_id from public.contact_opt_outs), tests.contact(), 'and its opt-out');
select is(tests.contact('250788777777'), tests.contact(), 'and its number');

select * from finish();
rollback;
