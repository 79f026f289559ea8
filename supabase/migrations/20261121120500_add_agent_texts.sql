-- What the other party of an effect is told, where the agent that caused it has no words of its own.

create table private.agent_texts (
  key text not null,
  language text not null,
  -- {title}, {name}, {price}, {phone} are filled in.
  text text not null,
  constraint agent_texts_pkey primary key (key, language),
  constraint agent_texts_language_is_known check (language in ('en', 'fr', 'sw', 'rw')),
  constraint agent_texts_text_is_1_to_1000_characters check (char_length(text) between 1 and 1000)
);
alter table private.agent_texts enable row level security;
revoke all on table private.agent_texts from public, anon, authenticated, service_role;
grant select on table private.agent_texts to service_role;
create policy "only the service role reads agent_texts" on private.agent_texts
  for select to service_role using (true);

insert into private.agent_texts (key, language, text) values
  ('received.application', 'en', '{name} applied for "{title}". Write "my applicants" to answer.'),
  ('received.application', 'fr', '{name} a postulé pour « {title} ». Écrivez « mes candidats » pour répondre.'),
  ('received.application', 'sw', '{name} ameomba "{title}". Andika "waombaji wangu" ili kujibu.'),
  ('received.application', 'rw', '{name} yasabye "{title}". Andika "abasabye" kugira ngo usubize.'),
  ('received.inquiry', 'en', '{name} asks about "{title}". Write "my inquiries" to answer.'),
  ('received.inquiry', 'fr', '{name} pose une question sur « {title} ». Écrivez « mes demandes » pour répondre.'),
  ('received.inquiry', 'sw', '{name} anauliza kuhusu "{title}". Andika "maulizo yangu" ili kujibu.'),
  ('received.inquiry', 'rw', '{name} arabaza ibya "{title}". Andika "ibibazo byanjye" kugira ngo usubize.'),
  ('received.order', 'en', 'New order from {name}: "{title}".'),
  ('received.order', 'fr', 'Nouvelle commande de {name} : « {title} ».'),
  ('received.order', 'sw', 'Oda mpya kutoka kwa {name}: "{title}".'),
  ('received.order', 'rw', '{name} yatumije: "{title}".'),
  ('received.reservation', 'en', '{name} reserved at "{title}".'),
  ('received.reservation', 'fr', '{name} a réservé chez « {title} ».'),
  ('received.reservation', 'sw', '{name} ameweka nafasi kwa "{title}".'),
  ('received.reservation', 'rw', '{name} yafashe umwanya kuri "{title}".'),
  ('received.viewing', 'en', '{name} would like to view "{title}". Write "my inquiries" to answer.'),
  ('received.viewing', 'fr', '{name} souhaite visiter « {title} ». Écrivez « mes demandes » pour répondre.'),
  ('received.viewing', 'sw', '{name} angependa kuona "{title}". Andika "maulizo yangu" ili kujibu.'),
  ('received.viewing', 'rw', '{name} arifuza gusura "{title}". Andika "ibibazo byanjye" kugira ngo usubize.'),
  ('received.introduction', 'en', '{name} would like to be introduced to you about "{title}". Your number is shared only if you accept.'),
  ('received.introduction', 'fr', '{name} souhaite vous être présenté au sujet de « {title} ». Votre numéro n''est communiqué que si vous acceptez.'),
  ('received.introduction', 'sw', '{name} angependa kutambulishwa kwako kuhusu "{title}". Namba yako itatolewa ukikubali tu.'),
  ('received.introduction', 'rw', '{name} arifuza guhuzwa nawe ku byerekeye "{title}". Nimero yawe itangwa ari uko wemeye gusa.'),
  ('received.ride_request', 'en', '{name} asks for a seat: "{title}". Your number is shared only if you accept.'),
  ('received.ride_request', 'fr', '{name} demande une place : « {title} ». Votre numéro n''est communiqué que si vous acceptez.'),
  ('received.ride_request', 'sw', '{name} anaomba nafasi: "{title}". Namba yako itatolewa ukikubali tu.'),
  ('received.ride_request', 'rw', '{name} arasaba umwanya: "{title}". Nimero yawe itangwa ari uko wemeye gusa.'),
  ('accepted', 'en', 'Good news: you were accepted for "{title}".'),
  ('accepted', 'fr', 'Bonne nouvelle : vous êtes accepté pour « {title} ».'),
  ('accepted', 'sw', 'Habari njema: umekubaliwa kwa "{title}".'),
  ('accepted', 'rw', 'Inkuru nziza: wemerewe kuri "{title}".'),
  ('declined', 'en', 'Your request about "{title}" was declined.'),
  ('declined', 'fr', 'Votre demande au sujet de « {title} » a été refusée.'),
  ('declined', 'sw', 'Ombi lako kuhusu "{title}" limekataliwa.'),
  ('declined', 'rw', 'Icyo wasabye kuri "{title}" nticyemewe.'),
  ('declined.reservation', 'en', 'Your reservation at "{title}" was declined, the table is not kept.'),
  ('declined.reservation', 'fr', 'Votre réservation chez « {title} » a été refusée, la table n''est pas gardée.'),
  ('declined.reservation', 'sw', 'Nafasi yako kwa "{title}" imekataliwa, meza haijahifadhiwa.'),
  ('declined.reservation', 'rw', 'Umwanya wafashe kuri "{title}" nturemerwa, ameza ntakubikiwe.'),
  ('withdrawn.reservation', 'en', '{name} cancelled the reservation at "{title}".'),
  ('withdrawn.reservation', 'fr', '{name} a annulé la réservation chez « {title} ».'),
  ('withdrawn.reservation', 'sw', '{name} ameghairi nafasi kwa "{title}".'),
  ('withdrawn.reservation', 'rw', '{name} yaretse umwanya yari yafashe kuri "{title}".'),
  ('introduced', 'en', 'About "{title}": you can reach {name} at {phone}.'),
  ('introduced', 'fr', 'Au sujet de « {title} » : vous pouvez joindre {name} au {phone}.'),
  ('introduced', 'sw', 'Kuhusu "{title}": unaweza kumpata {name} kwa {phone}.'),
  ('introduced', 'rw', 'Ku byerekeye "{title}": wabona {name} kuri {phone}.'),
  ('match.request', 'en', 'A new offer fits what you are looking for: "{title}"{price}. Write "matches" to see it.'),
  ('match.request', 'fr', 'Une nouvelle offre correspond à ce que vous cherchez : « {title} »{price}. Écrivez « correspondances » pour la voir.'),
  ('match.request', 'sw', 'Ofa mpya inalingana na unachotafuta: "{title}"{price}. Andika "zinazolingana" kuiona.'),
  ('match.request', 'rw', 'Hari igishya gihuye n''icyo ushaka: "{title}"{price}. Andika "ibihuye" kugira ngo ukirebe.'),
  ('match.offer', 'en', 'Somebody is looking for what you offer: "{title}"{price}. Write "matches" to see it.'),
  ('match.offer', 'fr', 'Quelqu''un cherche ce que vous proposez : « {title} »{price}. Écrivez « correspondances » pour voir.'),
  ('match.offer', 'sw', 'Kuna mtu anatafuta unachotoa: "{title}"{price}. Andika "zinazolingana" kuona.'),
  ('match.offer', 'rw', 'Hari ushaka ibyo utanga: "{title}"{price}. Andika "ibihuye" kugira ngo ubirebe.'),
  ('call.refused', 'en', 'Sorry, we can''t call you at this number. Write to us here and we will help you.'),
  ('call.refused', 'fr', 'Désolé, nous ne pouvons pas vous appeler à ce numéro. Écrivez-nous ici et nous vous aiderons.'),
  ('call.refused', 'sw', 'Samahani, hatuwezi kukupigia kwa namba hii. Tuandikie hapa na tutakusaidia.'),
  ('call.refused', 'rw', 'Mutwihanganire, ntidushobora guhamagara iyi nimero. Mutwandikire hano tubafashe.'),
  ('call.failed', 'en', 'Sorry, we could not make the call you asked for. Write "call me back" to ask again, or write to us here.'),
  ('call.failed', 'fr', 'Désolé, nous n''avons pas pu vous appeler. Écrivez « rappelez-moi » pour redemander, ou écrivez-nous ici.'),
  ('call.failed', 'sw', 'Samahani, hatukuweza kukupigia simu uliyoomba. Andika "nipigie" kuomba tena, au tuandikie hapa.'),
  ('call.failed', 'rw', 'Mutwihanganire, ntitwashoboye kubahamagara. Andika "mumpamagare" wongere usabe, cyangwa utwandikire hano.'),
  ('call.missed', 'en', 'We called you as you asked and did not reach you. Write "call me back" to be called again.'),
  ('call.missed', 'fr', 'Nous vous avons appelé comme demandé, sans réponse. Écrivez « rappelez-moi » pour être rappelé.'),
  ('call.missed', 'sw', 'Tulikupigia kama ulivyoomba lakini hatukukupata. Andika "nipigie" upigiwe tena.'),
  ('call.missed', 'rw', 'Twabahamagaye nk''uko mwabisabye ntitwababona. Andika "mumpamagare" wongere uhamagarwe.'),
  ('somebody', 'en', 'Somebody'),
  ('somebody', 'fr', 'Quelqu''un'),
  ('somebody', 'sw', 'Mtu'),
  ('somebody', 'rw', 'Umuntu');

-- Tells a contact something that it didn't ask for, once: in the language it wrote in last, whether agents
-- share what they know of it or not; else the organization's. p_text is said below it, where the caller has more to say.
create function private.tell_contact(
  p_org_id uuid, p_contact_id uuid, p_key text, p_values jsonb, p_text text, p_dedupe_key text, p_correlation_id text
) returns void
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  v_language text;
  v_text text;
  v_name text := nullif(p_values ->> 'name', '');
begin
  if p_contact_id is null then
    return;
  end if;
  select coalesce(
    (
      select coalesce(session.context ->> 'language', session.preferences ->> 'language')
      from public.unified_sessions as session
      where session.org_id = p_org_id and session.contact_id = p_contact_id
        and coalesce(session.context ->> 'language', session.preferences ->> 'language') is not null
      order by session.started_at desc limit 1
    ),
    left(settings.language, 2)
  )
  into v_language
  from public.organization_settings as settings where settings.org_id = p_org_id;
  select known.text into v_text
  from private.agent_texts as known
  where known.key = p_key and known.language in (v_language, 'en')
  order by known.language = v_language desc
  limit 1;
  v_name := coalesce(v_name, (
    select known.text from private.agent_texts as known
    where known.key = 'somebody' and known.language in (v_language, 'en')
    order by known.language = v_language desc limit 1
  ));
  -- What people wrote comes last, so that nothing is filled into it.
  v_text := replace(v_text, '{price}', coalesce(p_values ->> 'price', ''));
  v_text := replace(v_text, '{phone}', coalesce(p_values ->> 'phone', ''));
  v_text := replace(v_text, '{name}', replace(left(v_name, 100), '{', '('));
  v_text := replace(v_text, '{title}', coalesce(p_values ->> 'title', ''));
  v_text := concat_ws(E'\n', v_text, left(nullif(btrim(p_text), ''), 1000));
  perform private.queue_outbound_message(
    p_org_id, p_contact_id, 'initiated', 'text', jsonb_build_object('text', v_text),
    p_dedupe_key, p_correlation_id, now(), now() + interval '3 days'
  );
end
$$;
revoke all on function private.tell_contact(uuid, uuid, text, jsonb, text, text, text) from public, anon, authenticated;
grant execute on function private.tell_contact(uuid, uuid, text, jsonb, text, text, text) to service_role;
