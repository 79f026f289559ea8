import type { Lexicon } from "../../intent/lexicon.ts";

/** Insurance of vehicles: quotes, policies, claims. */
export const insuranceLexicon: Lexicon = {
  en: {
    sure: `
      insurance, insure, insured, insuring, insurer, insurance quote, car insurance, motor
      insurance, third party, comprehensive cover, comprehensive insurance, policy request, policy
      number, renew policy, yellow card, comesa, vehicle cover, premium for a car, premium for,
      claim accident, file a claim, insurance claim, buy insurance, insurance premium, had an
      accident, covered by the policy, insurance broker, motorbike cover, motorcycle cover, car
      cover, cover ran out, cover my car, cover my motorcycle, cover my new, hit my car, my car
      was hit, crashed my car, all risk, all risks, cover expired, accident claim, car accident,
      bima, assurance, third party cover, who pays for damage, (insurance|insure|cover) (moto
      taxi|taxi|moto|motorcycle|motorbike|car|truck|lorry|bus|minibus|van|pickup), insurance cost
      for moto taxi, insurance for moto taxi, windscreen damage, renewing cover, renew cover,
      cover for my, price to insure, damage included, insure a, fully insure, expired cover`,
    likely: `
      policy, comprehensive, coverage, claim, claims, renew, insurance certificate, indemnity,
      deductible, cover for, windscreen, ran out, crashed, collision, motorbike, documents for
      cover, written off, bumped, accident, pickup, my policy, hilux, bajaj, boxer, damage,
      excess, underwriter, sonarwa, radiant, policyholder`,
    hint: `
      quote, premium, cover, expire, expires, motorcycle, truck, lorry, lorries, vehicle, minibus,
      rav4, car, moto, damage, crash, covered`,
    never: `
      privacy policy, premium package, premium plan, premium subscription, cover letter, policy
      maker, cover song, accidentally, return policy, book cover, discover`,
  },
  fr: {
    sure: `
      assurance, assurances, assurer, assuré, assurez, assureur, devis assurance, tous risques, au
      tiers, carte jaune, carte rose, attestation d'assurance, sinistre, déclarer un sinistre,
      police d'assurance, demande de police, prime pour, prime d'assurance, j'ai eu un accident,
      constat, assurance auto, assurance moto, renouveler mon assurance, couvert tous risques,
      couverture moto, couverture auto, couverture voiture, percuté ma voiture, percuté,
      accrochage, couverture est finie, tiers, assurance voiture, contrat d'assurance, dégâts,
      assurer ma, bris de glace, prix pour assurer, inclus dans l'assurance, assureurs`,
    likely: `
      police, prime, accident, devis, couverture, renouveler, indemnisation, indemnité, couvert,
      expert auto, qui paie, tarif annuel, finie depuis, collision, heurté, pick-up, vol de
      voiture, hilux, franchise d'assurance, dommages, remorquage, sonarwa, radiant, souscrire`,
    hint: `moto, voiture, camion, camions, minibus, véhicule, expire, auto, dommage`,
    never: `
      police nationale, appeler la police, poste de police, formule premium, prime de noël, prime
      de fin d'année, couverture de lit`,
  },
  sw: {
    sure: `
      bima, bima ya gari, bima ya pikipiki, kukata bima, ~kata bima, kukatia bima, ~lipia bima,
      bima kubwa, bima ndogo, third party, kuhuisha bima, bei ya bima, gharama ya bima, fidia,
      kadi ya njano, ombi la bima, insurance, wakala wa bima, nimepata ajali, amegonga gari,
      amegonga, kugongwa, nimegongwa, bima imeisha, ~wekea bima, bima ya bodaboda, bima ya, nani
      atalipa, gari limegongwa, kukatia, bima kamili, bima italipa, kioo cha gari`,
    likely: `
      ajali, sera ya bima, ~huisha, kudai fidia, comprehensive, premium ya bima, amenigonga,
      kugonga, imeisha, atalipa, uharibifu, hilux, kimevunjika, gari kuibiwa, kulipwa fidia`,
    hint: `pikipiki, gari, lori, basi dogo, nadai, inaisha, bodaboda, toyota, hali ya ombi`,
    never: `bima ya afya ya taifa`,
  },
  rw: {
    sure: `
      ubwishingizi, assurance, asiransi, asuransi, kwishingira, ~ishingira, kwishinganisha,
      ~ishinganisha, nishingira, ubwishingizi bw'imodoka, ubwishingizi bwa moto, kwishyura
      assurance, kongeresha assurance, third party, carte jaune, ikarita y'umuhondo, nakoze
      impanuka, nagize impanuka, ubusabe bw'ubwishingizi, indishyi, insurance, sonarwa, radiant,
      yangongeye, yagonze, kugonga, bagonze, impanuka y'imodoka, yarangiye assurance, assurance
      yarangiye, nishingize, gushinganisha, ~shinganisha, ~shingiza, assurance ya moto, ninde
      wishyura ibyangiritse, ikirahure cy'imodoka, assurance irishyura, ubwishingizi bwa, bishyura
      impanuka`,
    likely: `
      impanuka, kongeresha, bandihe, umwishingizi, ubwuzuye, comprehensive, wishyura, yangonze,
      yagongwe, ibyangiritse, yarangiye, cyamenetse, hilux, irishyura, yangiritse`,
    hint: `ikamyo, imodoka, moto, minibisi, igihe kirangiye, burarangira, irarangira, toyota`,
    never: `mituweli`,
  },
};
