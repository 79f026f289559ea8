import type { Lexicon } from "../../intent/lexicon.ts";

/** Homes, rooms, offices and land, for rent and for sale. */
export const propertyLexicon: Lexicon = {
  en: {
    sure: `
      house for rent, house to rent, house for sale, house to let, rent house, rent a house, buy
      house, sell house, selling house, apartment, apartments, flat for rent, rent out, real
      estate, landlord, landlady, tenant, tenants, plot for sale, plots for sale, buy land, land
      for sale, sell land, buy plot, bedroom house, bedrooms, bedroom, studio flat, studio
      apartment, room for rent, rent room, single room, office for rent, office space, commercial
      space, property, properties, house viewing, monthly rent, place to rent, house in, for rent,
      furnished house, villa, looking for house, hostel room, house hunting, place to live, need a
      house, to let, self contained, (house|apartment|flat|room|villa|plot|land|studio|shop
      space|office|warehouse|home) (for rent|to rent|for sale|to let|for lease),
      (rent|buy|sell|lease|selling|renting|buying)
      (house|apartment|flat|room|villa|plot|land|studio|office|home), price of plots, lease ends,
      bed house, bed apartment, for lease, anything for rent, shop space, bedsitter, land title,
      title deed, upi, self contained room, somewhere to stay, somewhere to live, place to stay,
      residential zone, residential plot, (need|find|looking for) (a
      place|place|room|house|apartment|accommodation), annex`,
    likely: `
      house, rent, flat, studio, plot, land, viewing, furnished, unfurnished, hostel, renting,
      rental, duplex, compound, bungalow, accommodation, deposit and rent, lease, warehouse,
      airbnb, roommate, housemate, plots, bed in, bathroom, bathrooms, tenancy, sublet, dorm,
      evicted, realtor, real estate agent, move house, rooms, moving out, moving to, zone r1,
      residential, house near, landlords, sharing a room`,
    hint: `
      room, office, garden, parking, kitchen, balcony, garage, neighborhood, square meters, sqm,
      home, furnish, stay, building, gated, visit`,
    never: `
      house music, full house, open house party, white house, in the house, warehouse job, house
      help, house girl, housemaid, house manager, car rent, rent a car, land at the airport, rent
      car, car rental, room temperature, coffee house, house wine, house cleaning, home delivery,
      went home, go home, come home, at home, post office, office located, stay home, house party,
      house painter`,
  },
  fr: {
    sure: `
      maison à louer, maison à vendre, louer une maison, acheter une maison, vendre ma maison, je
      vends ma maison, appartement, appart, appartements, appartement à louer, chambre à louer,
      louer une chambre, studio à louer, studio meublé, bureau à louer, bureaux à louer, local
      commercial, terrain à vendre, parcelle à vendre, acheter une parcelle, acheter un terrain,
      vendre un terrain, immobilier, agence immobilière, mettre en location, maison en location,
      loyer, locataire, locataires, bailleur, propriétaire de maison, logement, colocation,
      colocataire, villa, visiter la maison, visiter l'appartement, maison de chambres, caution et
      loyer, chambres salon, maison meublée, cherche maison,
      (maison|appartement|chambre|studio|villa|terrain|parcelle|bureau|local|immeuble|entrepôt) (à
      louer|à vendre|en location|à bail), (louer|vendre|acheter|cherche|visiter|vends|achète|loue)
      (maison|appartement|chambre|studio|villa|terrain|parcelle|logement|immeuble), titre foncier,
      trois chambres, deux chambres, quatre chambres, colocataires, se loger, piaule, prix
      parcelle, cherche à se loger, où loger, où habiter, petit studio, annexe à louer,
      lotissement`,
    likely: `
      maison, louer, location, chambre, chambres, parcelle, terrain, studio, meublé, meublée,
      duplex, hébergement, bail, entrepôt, résidence, en location, à louer, mètres sur, salle de
      bain, sous-louer, kot, foncier, loyers, déménager, on déménage, habiter, emménager, annexe,
      zone résidentielle, charges comprises, propriétaire`,
    hint: `
      bureau, jardin, garage, cuisine, quartier, mètres carrés, salon, visite, visiter, immeuble,
      centre ville`,
    never: `
      fait maison, rentré à la maison, louer une voiture, location de voiture, voiture à louer,
      terrain de foot, studio de musique, salon de coiffure, votre bureau, location voiture, femme
      de chambre`,
  },
  sw: {
    sure: `
      nyumba ya kupanga, nyumba za kupanga, kupanga nyumba, ~panga nyumba, ~pangisha nyumba,
      kupangisha, inapangishwa, zinapangishwa, ~pangisha, chumba cha kupanga, vyumba vya kupanga,
      ofisi ya kupanga, mpangaji, wapangaji, mwenye nyumba, kodi ya nyumba, kodi ya mwezi, nyumba
      inauzwa, kununua nyumba, ~nunua nyumba, ~uza nyumba, kiwanja, viwanja, kununua shamba,
      ardhi, apartment, nyumba ya vyumba, vyumba viwili, vyumba vitatu, kuona nyumba, dalali,
      chumba kimoja, chumba self, fremu ya biashara, natafuta nyumba, natafuta chumba, kupanga
      chumba, ploti, nahitaji nyumba, (nyumba|chumba|kiwanja|ardhi|shamba na
      nyumba|ofisi|fremu|apartment|jengo|hosteli) (ya kupanga|cha
      kupanga|inauzwa|kinauzwa|inapangishwa|kinapangishwa|nauza|ya kuuza),
      (nauza|kuuza|ninauza|nanunua|kununua|napanga) (nyumba|ardhi|kiwanja|ploti), chumba na
      sebule, hati ya ardhi, bedsitter, shamba na nyumba, pa kuishi, mahali pa kuishi, tunatafuta
      pa kuishi, nyumba yenye, chumba chenye, choo ndani, mahali pa kukaa, pa kukaa, annex`,
    likely: `
      nyumba, chumba, vyumba, kupanga, kodi, samani, bedsita, hosteli, makazi, jengo, sebule,
      uwanja wa kujenga, bafu, choo ndani, kodi kwa mwezi, kwa mwezi nyumba, ghorofa, geti, nataka
      kuhama, kuhama, nahamia, kuishi, mwenye nyumba wangu, eneo la makazi, kuhamia`,
    hint: `ofisi, bustani, maegesho, jiko na choo, mtaa, kuona, mjini, karibu na chuo`,
    never: `
      niko nyumbani, nyumba ya wageni ya, kazi za nyumbani, ofisi yenu, chumba cha habari`,
  },
  rw: {
    sure: `
      inzu yo gukodesha, gukodesha inzu, ~kodesha inzu, inzu ikodeshwa, inzu zikodeshwa,
      ikodeshwa, zikodeshwa, inzu igurishwa, kugura inzu, ~gura inzu, ~gurisha inzu, ikibanza,
      ibibanza, kugura ikibanza, ubutaka bwo kubakaho, umukode, abakode, ubukode, nyir'inzu, nyiri
      inzu, icyumba cyo gukodesha, ibyumba bibiri, ibyumba bitatu, inzu y'ibyumba, apartment,
      apartema, gusura inzu, ibiro byo gukodesha, ndashaka inzu, nshaka inzu, nkeneye inzu,
      nkeneye icyumba, ndashaka icyumba, kugura ubutaka, ~gurisha ubutaka, ~gura ubutaka,
      parcelle, umukomisiyoneri w'inzu, geto, ~gurisha ikibanza, nshaka aho kuba, aho kuba, aho
      gutura, (inzu|icyumba|ikibanza|ubutaka|isambu|apartment|amazu|ibiro|igorofa)
      (ikodeshwa|kigurishwa|igurishwa|bugurishwa|gikodeshwa|yo gukodesha|cyo gukodesha|yo
      kugura|kigurishwa),
      (kugura|ngurisha|ndagurisha|kugurisha|ndagura|gukodesha|ndakodesha|nkodesha)
      (inzu|icyumba|ikibanza|ubutaka|isambu|amazu), aho gukorera, icyumba na salo, gifite upi,
      upi, hari inzu, inzu nziza, gusangira inzu, aho tuba, aho kwibera, aho nakodesha, annexe,
      ikibanza cya, inzu ifite, icyumba gifite, umusarani imbere, aho kurara`,
    likely: `
      inzu, icyumba, ibyumba, gukodesha, ~kodesha, ubutaka, amazu, umuturirwa, isambu, icumbi,
      ifite ibikoresho, nzu, etaje, villa, ikodi, igipangu, ubwogero, salo n'icyumba, umuryango wo
      gucururizamo, amashitiri, depozito, ndimuka, kwimuka, twimuka, gutura, kwibera, umuryango
      dushaka aho, igorofa`,
    hint: `
      kubaka, ubusitani, parikingi, igikoni, sallon, ibiro, gusura, hafi ya kaminuza, kubakaho`,
    never: `
      ibiro byanyu, inzu y'imyidagaduro, gukodesha imodoka, imodoka ikodeshwa, ~kodesha imodoka`,
  },
};
