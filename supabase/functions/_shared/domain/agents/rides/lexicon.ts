import type { Lexicon } from "../../intent/lexicon.ts";

/** Getting from one place to another: rides offered, looked for, and fares. */
export const ridesLexicon: Lexicon = {
  en: {
    sure: `
      ride, rides, need a ride, ride to, ride from, taxi, taxis, cab, uber, bolt ride, moto taxi,
      taxi moto, taxi driver, carpool, car pool, carpooling, lift to, a lift, give me a lift, pick
      me up, pickup from, drop me, drop off at, fare, fares, fare to, seats free, free seats,
      empty seats, passengers, passenger, driving to, transport to, transport for, need transport,
      airport transfer, to the airport, send me a moto, need a moto, bus to, bus ticket, trip to,
      car with driver, going to kigali, boda, boda boda, travel to, travelling to, shuttle, rent a
      car, car hire, car rental, take me to, ride share, how do i get to, who is going to, share
      fuel, pick my kid, pick up my, motorcycle to pick, ride for, from the airport, travelling
      from, need a driver, who is driving, who s going, get to town, seats available, take me
      home, take me home from, first bus, last bus, bus leave, someone take me,
      (bus|taxi|car|moto) (from|going to|leaving), i have seats, moto please, yego moto, yego cab`,
    likely: `
      transport, airport, moto, bus, trip, travelling, journey, driving, drive me, bus station,
      motorbike ride, departure, leaving for, heading to, transportation, stadium, fuel, going to
      town, motorcycle to, commute, drop, heading, get to, get from, car to, moto to, bring me to`,
    hint: `
      driver, car, travel, tomorrow morning, hospital, station, km, distance, route, pick up,
      going to, i m going to`,
    never: `
      driver job, driving license, driving licence, driving school, work as driver, job as driver,
      driver vacancy, a bus for sale, tour of duty, taxi for sale, uganda trip, seats sofa, sofa
      seats, driver position`,
  },
  fr: {
    sure: `
      taxi, taxis, moto taxi, taxi moto, course jusqu'à, course pour, prix de la course, trajet,
      trajets, covoiturage, passagers, passager, places libres, trois places, deux places, place
      libre, venez me chercher, viens me chercher, venir me chercher, déposez-moi, m'emmener,
      transport pour, besoin d'un transport, bus pour, billet de bus, ticket de bus, à l'aéroport,
      pour l'aéroport, voiture avec chauffeur, chauffeur pour, aller à kigali, navette, louer une
      voiture, location de voiture, location voiture, voiture à louer, envoyez-moi un moto, besoin
      d'une moto, qui descend, qui descend à, qui monte à, partage l'essence, partager l'essence,
      partage des frais, moto pour chercher, une moto pour, chercher mon enfant, me conduire,
      conduisez-moi, prendre à la gare, me ramener, places disponibles, premier bus, dernier bus,
      bus part, ramener chez moi, me ramener chez, prochain bus, (bus|taxi|moto) (vers|depuis),
      voiture vers`,
    likely: `
      course, transport, aéroport, bus, voyage, voyager, gare, gare routière, départ, places,
      tarif de course, déplacement, descend, essence, stade, partage, ramener, déposer, qui va à,
      comment aller, me déposer, emmener à, me déposer à`,
    hint: `
      chauffeur, moto, voiture, demain matin, hôpital, itinéraire, vers, je vais à, aller à`,
    never: `
      chauffeur de poids lourd, emploi de chauffeur, travail comme chauffeur, faire les courses,
      permis de conduire, places de parking, course à pied`,
  },
  sw: {
    sure: `
      usafiri, teksi, taxi, bodaboda, boda boda, boda, nauli, lifti, naomba lifti, abiria,
      nichukue, nichukueni, unichukue, uje unichukue, nipeleke, kunipeleka, nipelekeni, basi la
      kwenda, tiketi ya basi, basi kwenda, uwanja wa ndege, gari la kwenda, gari ya kwenda,
      ~endesha kwenda, naendesha kwenda, kusafiri, ~safiri, viti vitatu, kubeba abiria, ~beba
      abiria, niletee bodaboda, dereva wa kunipeleka, kukodi gari, ~kodi gari, daladala, nishushe,
      nani anaenda, natafuta lifti, nitafikaje, nifikaje, anashuka, nani anashuka, kumchukua
      mtoto, boda ya, tuchangie mafuta, kuchangia mafuta, nipitie, nifikishe, kwenda mjini, kwenda
      uwanja, nikodi, unipeleke, basi la kwanza, basi la mwisho, linaondoka, kunirudisha nyumbani,
      nirudishe nyumbani, basi linaondoka, siti nne, siti tatu, kuna siti, nani anaelekea`,
    likely: `
      safari, basi, kwenda, pikipiki ya kwenda, ndege, kituo cha basi, stendi, kutoka, anakwenda,
      ~beba, niletee moto, uwanja, hadi, mafuta, kumchukua, kupanda basi, kufika, barabara,
      naenda, anaenda, naelekea, anaelekea, safari ya`,
    hint: `mpaka, gari, pikipiki, kesho asubuhi, hospitali, dereva, umbali, njia, sasa hivi`,
    never: `safari njema, kazi ya udereva, kwenda kulala, kutoka moyoni`,
  },
  rw: {
    sure: `
      tagisi, taxi, taxi moto, umumotari, abamotari, motari, lifuti, lift, itike, tike, tike ya
      bisi, itike ya, abagenzi, umugenzi, gutwara abagenzi, imodoka injyana, imodoka ijya, imodoka
      itujyana, injyana, unjyane, nyijyana, muze kumfata, uze kumfata, kumfata, mumfate,
      nyoherereza moto, munyoherereze moto, ndashaka moto, nkeneye moto, bisi ijya, bisi, imyanya
      itatu, mfite imyanya, ni nde ujya, ninde ujya, urugendo, ingendo, ikibuga cy'indege, kujya
      nyabugogo, gukodesha imodoka, imodoka ikodeshwa, ~kodesha imodoka, transport, twegerane,
      kungeza, mungeze, ngiye i musanze, nagera nte, umanuka, ninde umanuka, uzamuka, dusangire
      essence, dusangire, moto yo gufata, gufata umwana, mvuye, unyuze, untware, ntwara, mutware,
      wantwara, nzajya, uzajya, bisi ya mbere, bisi ya nyuma, igenda ryari, bisi igenda, ncyura,
      kuncyura, imyanya ine, imyanya ibiri, uwanjyana, anjyane, ntahe`,
    likely: `
      kujya, ujya, ijya, ngiye, ndajya, iva, kuva, gare, moto nonaha, indege, kwerekeza, tugiye,
      bajya, gutaha, essence, stade, lisansi dusangiye, kumanuka, gutwara umuntu, ugana, ugiye,
      kujya i, njya, njya i, ndajya i, ndi kujya, kugera, nagera`,
    hint: `moto, imodoka, nonaha, ejo mu gitondo, umushoferi, ibitaro, nijoro`,
    never: `akazi ko gutwara, urugendo rwiza, gutwara imodoka`,
  },
};
