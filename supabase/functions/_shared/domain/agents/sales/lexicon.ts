import type { Lexicon } from "../../intent/lexicon.ts";

/** The organization's own products: questions, offers, a call back. */
export const salesLexicon: Lexicon = {
  en: {
    sure: `
      your products, your product, your services, your prices, your pricing, your plans, your
      packages, your catalogue, your catalog, your price list, your subscription, your solution,
      your system, your offers, your software, price list, call me back, call back, callback,
      phone me back, ring me, give me a call, call me about, call me, demo of your, request a
      demo, a demo, sales representative, sales rep, sales team, sales person, sales department,
      talk to sales, speak to sales, bulk order, bulk orders, wholesale price, discount for,
      payment terms, subscription, what do you sell, what products, products do you, products do
      you offer, difference between plans, difference between your, interested in your, interested
      in product, premium package, premium plan, free trial, brochure, your team should contact,
      your team contact, from your team, contact me, trial version, which package, what package,
      units, our company wants, what price can you do, for our company, get in touch with me, your
      company sells, product information, supply us, can you supply, quotation for, pricing for,
      do you offer discounts, offer discounts, discounts to, i saw your ad, saw your ad, saw your
      advert, your advert, tell me about the product, about the product, interested in buying from
      you, your brochure, book an appointment, make an appointment, my appointment, cancel my
      appointment, schedule a meeting, cancel my call, cancel the call, cancel my call back, cancel my
      callback, do not call me back, don't call me back`,
    likely: `
      pricing, catalogue, catalog, discount, discounts, demo, plans, packages, package, sales,
      promotion, wholesale, quotation, invoice, products, product, features, your company,
      solution, promo, offers, warranty, trial, version, contact me tomorrow, bulk, quantity,
      supplier, reseller, distributor, corporate, minimum order, upgrade, plan, appointment`,
    hint: `
      premium, interested, offer, service, services, companies, tell me more, more information,
      afternoon, advertised, facebook, ship, how much is your, info`,
    never: `your services down, car sales, call me names, call me maybe`,
  },
  fr: {
    sure: `
      vos produits, votre produit, vos services, vos prix, vos tarifs, vos offres, votre offre,
      votre catalogue, catalogue, liste de prix, votre liste, votre système, votre solution, votre
      logiciel, votre abonnement, abonnement, me rappeler, rappelez-moi, rappelle-moi,
      appelez-moi, appelle-moi, être rappelé, un rappel, me téléphoner, démonstration, une démo,
      un commercial, service commercial, équipe commerciale, grosses commandes, commande en gros,
      prix de gros, remise, conditions de paiement, quels produits, produits proposez,
      proposez-vous, formule premium, intéressé par votre, intéressée par votre, différence entre
      vos, essai gratuit, brochure, que vendez-vous, un de vos collègues, vos collègues, me
      contacter, contactez-moi, quelle formule, pour notre entreprise, version d'essai, devis
      pour, quel prix pour, joindre votre équipe, votre équipe, faites des réductions, vu votre
      pub, votre pub, votre publicité, parlez-moi du produit, vos réductions, prendre rendez-vous, fixer un rendez-vous, mon
      rendez-vous, annuler mon rendez-vous, annuler mon appel, annulez mon appel,
      annuler l'appel, annulez l'appel, ne me rappelez pas`,
    likely: `
      tarif, tarifs, démo, promotion, promo, réduction, rabais, commercial, formule, formules,
      facture proforma, produits, fonctionnalités, garantie, offres, quantité, fournisseur,
      revendeur, distributeur, on en veut, essai, en gros, professionnels, réductions, pub,
      publicité, des réductions, rendez-vous`,
    hint: `
      intéressé, intéressée, premium, produit, offre, services, service, cet après-midi, en savoir
      plus, informations, renseignements, livrez, facebook`,
    never: `
      offre d'emploi, offres d'emploi, local commercial, centre commercial, service client`,
  },
  sw: {
    sure: `
      bidhaa zenu, bidhaa yenu, huduma zenu, huduma yenu, bei zenu, bei yenu, vifurushi, vifurushi
      vyenu, kifurushi, kifurushi chenu, mfumo wenu, orodha ya bei, orodha ya bidhaa, nipigie,
      nipigieni, mnipigie, unipigie, nipigie simu, nipigieni simu, naomba mnipigie, mtu wa mauzo,
      timu ya mauzo, mauzo, demo, oda kubwa, bei ya jumla, punguzo, usajili wenu, mnauza nini,
      mnauza bidhaa, katalogi, ninavutiwa na bidhaa, ofa zenu, promosheni, jaribio la bure, mtu
      wenu, mtu wenu anitafute, anitafute, mtatupa bei, mtatupa bei gani, kampuni yetu inataka,
      kifurushi gani, wasiliana nami, mnitafute, mawasiliano ya mauzo, mnatoa punguzo, tangazo
      lenu, nimeona tangazo lenu, kuhusu bidhaa, matangazo yenu, weka miadi, kuweka miadi,
      miadi yangu, ghairi miadi, ghairi simu, ghairi simu yangu, usinipigie simu, msinipigie`,
    likely: `
      ofa, katalogi yenu, jumla, premium, mnauza, ninavutiwa, nieleze zaidi, maelezo zaidi, bidhaa
      gani, mnatoa huduma, nitafuteni, bei ya punguzo, idadi kubwa, msambazaji, majaribio, miadi`,
    hint: `bidhaa, huduma, mchana huu, zinagharimu, tofauti, maelezo, facebook, nieleze`,
    never: `huduma kwa wateja`,
  },
  rw: {
    sure: `
      ibicuruzwa byanyu, igicuruzwa cyanyu, serivisi zanyu, ibiciro byanyu, ipaki yanyu, ipaki,
      ipake, sisitemu yanyu, abonema, ifatabuguzi, urutonde rw'ibiciro, mumpamagare, mpamagara,
      mwampamagara, umpamagare, bampamagare, ndashaka ko mumpamagara, demo, ushinzwe kugurisha,
      ushinzwe ubucuruzi, ushinzwe amasoko, igabanyirizwa, kugabanyirizwa, mugabanya, mugurisha
      iki, mugurisha ibihe, mucuruza iki, mucuruza, ibihe bicuruzwa, nshimishijwe n'igicuruzwa,
      katalogi, kuranguza, poromosiyo, promotion, kugerageza ku buntu, mutanga izihe serivisi,
      umuntu wanyu, yazampamagara, uzampamagare, ku kihe giciro, kampani yacu irashaka, iyihe
      paki, paki, mwaduha, twavugana ku bicuruzwa, mwampa igiciro, mumpe igiciro, mugabanyiriza,
      kugabanyiriza, kwamamaza kwanyu, mumbwire ku bicuruzwa, itangazo ryanyu, gufata gahunda,
      fata gahunda, mfate gahunda, mumpe gahunda, gahunda yanjye, gahunda zanjye, guhagarika
      gahunda, guhindura gahunda, hagarika guhamagarwa, ntimumpamagare, ntimukimpamagare`,
    likely: `
      mugurisha, mutanga serivisi, igabanuka, kuri byinshi, byanyu, zanyu, premium, munsobanurire,
      nsobanurira, abagura byinshi, nshimishijwe, kihe giciro, ibyinshi, uhagarariye, igerageza, gahunda`,
    hint: `
      serivisi, ibiciro, ibicuruzwa, sobanura, ibisobanuro, nyuma ya saa sita, cyanyu, yanyu,
      facebook`,
    never: `ibiro byanyu, umukozi wanyu, nimero yanyu`,
  },
};
