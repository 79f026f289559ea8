import type { Lexicon } from "../../intent/lexicon.ts";

/** Whole businesses and shares of them, bought and sold. */
export const businessBrokerLexicon: Lexicon = {
  en: {
    sure: `
      business for sale, businesses for sale, business to buy, buy a business, sell business,
      selling business, sell company, sell my shop, buy company, buy existing company, existing
      company, existing business, company for sale, shop for sale, restaurant for sale, salon for
      sale, bakery for sale, pharmacy for sale, hotel for sale, bar for sale, supermarket for
      sale, school for sale, factory for sale, sell restaurant, sell bar, sell hotel, sell salon,
      sell pharmacy, buy pharmacy, buy salon, buy restaurant, buy a shop, buy a hotel, restaurant
      business, hotel business, franchise, takeover, take over a business, acquire, acquisition,
      investor, investors, investment opportunity, value a business, business valuation,
      valuation, business broker, buy shares, sell shares, shares of, buyer for company, buyer for
      business, profitable business, profitable shop, going concern, business partner, merger,
      acquire company, (sell|selling|sell off|selling off|buy|buying|acquire|take over)
      (restaurant|cafe|bar|hotel|lodge|salon|barbershop|pharmacy|clinic|school|supermarket|mini
      market|petrol station|filling station|garage|factory|bakery|butchery|boutique|hardware
      shop|mobile money shop|company|business|startup|shop),
      (restaurant|cafe|bar|hotel|lodge|salon|barbershop|pharmacy|clinic|school|supermarket|mini
      market|petrol station|filling station|garage|factory|bakery|butchery|boutique|hardware
      shop|mobile money shop|company|business|startup|shop) (for sale|is selling), invest in,
      running cafe, running restaurant, running business, take his shares, take shares, petrol
      station, with customers, existing customers, partner is leaving, put money in business,
      money in a running, (sell|selling|buy|buying|buy into|closing down|acquire) (gym|spa|farm
      business|printing shop|car wash|laundry|guest house|guesthouse|night
      club|school|clinic|logistics firm|firm|transport company), (gym|spa|farm business|printing
      shop|car wash|laundry|guest house|guesthouse|night club|school|clinic|logistics
      firm|firm|transport company) for sale, buy into, have capital, closing down my, interested
      buyers, raise capital, co founder`,
    likely: `
      shares, invest, investment, business opportunity, profitable, goodwill, existing clients,
      partner to buy, well established, equity, company with clients, stake, buyout, established,
      million in, running, leaving partner, filling station, co owner, capital, stakeholder,
      logistics firm, firm, closing down, gym, ownership`,
    hint: `
      business, company, startup, factory, clients, opportunities, restaurant, salon, bakery,
      pharmacy, hotel, partner, turnover, stock`,
    never: `
      how is business, none of your business, business card, business hours, business class,
      business day, business trip, mind your business, business insurance, business plan template`,
  },
  fr: {
    sure: `
      fonds de commerce, vendre mon entreprise, vendre entreprise, vendre ma société, vendre
      société, entreprise à vendre, société à vendre, société à racheter, entreprise à racheter,
      racheter, racheter une entreprise, reprendre une entreprise, reprise, reprise d'entreprise,
      repreneur, repreneurs, céder, à céder, cession, acheter une entreprise, acheter une société,
      acheter une franchise, franchise, investisseur, investisseurs, parts sociales, valeur de mon
      entreprise, combien vaut mon entreprise, vaut entreprise, restaurant à vendre, hôtel à
      vendre, salon à vendre, pharmacie à vendre, boutique à vendre, commerce à vendre, vendre mon
      restaurant, vendre mon hôtel, vendre ma pharmacie, vendre mon commerce, actions de société,
      associé pour, affaire à vendre, bonne clientèle,
      (vendre|vends|vend|acheter|achète|racheter|reprendre|céder|cède)
      (restaurant|café|bar|hôtel|salon|pharmacie|clinique|école|supermarché|alimentation|station-service|garage|usine|boulangerie|boucherie|boutique|quincaillerie|société|entreprise|commerce|affaire),
      (restaurant|café|bar|hôtel|salon|pharmacie|clinique|école|supermarché|alimentation|station-service|garage|usine|boulangerie|boucherie|boutique|quincaillerie|société|entreprise|commerce|affaire)
      (à vendre|à céder|à reprendre), station-service, investir dans, vendre mes parts, qui
      tourne, affaire qui tourne, je cède, (vendre|vends|céder|cède|racheter) (salle de
      sport|laverie|imprimerie|auberge|maison d'hôtes|lavage auto|transport), entrer dans une
      société, salle de sport, cause retraite, lever des fonds`,
    likely: `
      clientèle, associé, investir, investissement, actionnaire, chiffre d'affaires, pas de porte,
      opportunités d'affaires, acquisition, repreneuse, parts, millions dans, actionnaires, mon
      associé, ses parts, capital, capitaux, cofondateur, société de transport, part sociale, du
      capital`,
    hint: `
      entreprise, société, boulangerie, pharmacie, salon de coiffure, usine, opportunités,
      opportunité, commerce, affaire, affaires, restaurant, hôtel, personnel`,
    never: `
      camions de société, chef d'entreprise, reprise des cours, chambre de commerce, femme
      d'affaires, voyage d'affaires`,
  },
  sw: {
    sure: `
      kuuza biashara, ~uza biashara, biashara ya kununua, kununua biashara, ~nunua biashara,
      biashara inauzwa, biashara zinazouzwa, kampuni inauzwa, ~uza kampuni, kununua kampuni,
      ~nunua kampuni, duka linauzwa, saluni inauzwa, mgahawa unauzwa, hoteli inauzwa, kiwanda
      kinauzwa, ~uza duka, ~nunua duka, ~uza saluni, ~uza mgahawa, mwekezaji, wawekezaji,
      uwekezaji, ~wekeza, hisa, hisa za kampuni, mnunuzi wa kampuni, mnunuzi wa biashara, thamani
      ya biashara, mshirika wa biashara, kununua kiwanda, unauzwa kama biashara, franchise, dalali
      wa biashara, (kuuza|nauza|ninauza|anauza|kununua|nanunua|natafuta kununua)
      (mgahawa|baa|hoteli|saluni|duka la dawa|kliniki|shule|supermarket|kituo cha
      mafuta|gereji|kiwanda|duka la mikate|bucha|duka|kampuni|biashara),
      (mgahawa|baa|hoteli|saluni|duka la dawa|kliniki|shule|supermarket|kituo cha
      mafuta|gereji|kiwanda|duka la mikate|bucha|duka|kampuni|biashara)
      (inauzwa|linauzwa|unauzwa|kinauzwa), kituo cha mafuta, kuwekeza, nataka kuwekeza, kuchukua
      hisa, mgahawa unaofanya kazi, milioni kwenye, nina mtaji, sehemu ya kampuni,
      (nauza|kuuza|kununua) (gym|car wash|gesti|nyumba ya wageni|klabu|kampuni ya usafirishaji)`,
    likely: `
      hisa zangu, mshirika, fursa za biashara, biashara yenye faida, thamani gani, ikiwa na
      wateja, faida, milioni ishirini, unaofanya kazi, inayoendelea, linaloendelea, mshirika
      wangu, mtaji, umiliki, gym, mtaji wa`,
    hint: `
      biashara, kampuni, kiwanda, duka, saluni, fursa, wateja, mgahawa, thamani, inauzwa, unauzwa,
      linauzwa`,
    never: `
      biashara gani, biashara ikoje, habari za biashara, saa za biashara, kadi ya biashara`,
  },
  rw: {
    sure: `
      kugurisha ubucuruzi, ~gurisha ubucuruzi, ~gura ubucuruzi, ubucuruzi bugurishwa, bizinesi
      igurishwa, ~gurisha bizinesi, ~gura bizinesi, kampani igurishwa, ~gurisha kampani, ~gura
      kampani, kampani ikora, butike igurishwa, ~gurisha butike, ~gura butike, farumasi igurishwa,
      ~gurisha farumasi, ~gura farumasi, salo igurishwa, salo yogosha, ~gurisha salo, ~gurisha
      resitora, ~gurisha hoteli, resitora igurishwa, hoteli igurishwa, umushoramari, abashoramari,
      ishoramari, gushora imari, ~shora imari, imigabane, kugura imigabane, umuguzi wa kampani,
      agaciro k'ubucuruzi, kugura uruganda, ~gura uruganda, ~gurisha uruganda, iduka rigurishwa,
      ~gurisha iduka, ~gura iduka, umufatanyabikorwa, sosiyete igurishwa, franchise,
      (kugurisha|ngurisha|ndagurisha|ugurisha|kugura|ndagura|ngura)
      (resitora|kafe|akabari|hoteli|salo|farumasi|ivuriro|ishuri|supermarket|sitasiyo|igaraje|uruganda|burangeri|butike|iduka|kampani|ubucuruzi|bizinesi|alimentation),
      (resitora|kafe|akabari|hoteli|salo|farumasi|ivuriro|ishuri|supermarket|sitasiyo|igaraje|uruganda|burangeri|butike|iduka|kampani|ubucuruzi|bizinesi|alimentation)
      (igurishwa|rigurishwa|kagurishwa|bugurishwa|rugurishwa), sitasiyo ya lisansi, gushora,
      gushora miliyoni, gushora amafaranga, ufata imigabane, migabane, mfite igishoro,
      (ngurisha|ndagurisha|kugurisha|kugura) (gym|car wash|motel|akabyiniro|kampani itwara),
      igishoro cyo`,
    likely: `
      amahirwe y'ishoramari, uwo dufatanya, dufatanya, umugabane, ubucuruzi bwunguka, abakiriya
      bayo, agaciro kangahe, ubucuruzi bukora, kafe ikora, miliyoni, umufatanyabikorwa wanjye,
      igishoro, gym, nyir'ubucuruzi`,
    hint: `
      ubucuruzi, bizinesi, kampani, sosiyete, uruganda, farumasi, salo, butike, iduka, amahirwe,
      abakiriya, agaciro, igurishwa, bugurishwa`,
    never: `ushinzwe ubucuruzi, ubucuruzi bumeze bute`,
  },
};
