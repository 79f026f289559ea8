import type { Lexicon } from "../../intent/lexicon.ts";

/** Used and new goods, and small services, between people. */
export const marketplaceLexicon: Lexicon = {
  en: {
    sure: `
      marketplace, market place, second hand, secondhand, used phone, used laptop, used car, used
      furniture, sell phone, sell iphone, sell car, buy car, car for sale, post an item, list an
      item, sell item, item sold, item as sold, mark as sold, item still available, still
      available, classified ad, phone for sale, shoes for sale, clothes for sale, list a product,
      post a product, sell stuff, buy and sell, (sell|selling|buy|buying|swap|exchange|trade)
      (phone|iphone|laptop|tv|fridge|sofa|bicycle|car|motorbike|generator|clothes|shoes|computer|tablet|furniture|bed|camera),
      get rid of, swap phone, exchange phone, water tank, spare parts`,
    likely: `
      iphone, smartphone, samsung, tecno, infinix, laptop, macbook, fridge, refrigerator, freezer,
      sofa, couch, mattress, wardrobe, cupboard, dining table, chairs, furniture, generator,
      television, tv, playstation, bicycle, bike for sale, washing machine, microwave, blender,
      cooker, gas cylinder, shoes, sneakers, dress, handbag, clothes, jeans, jacket, stroller,
      toys, guitar, camera, printer, headphones, speaker, wristwatch, jewelry, electronics, repair
      phone, repairs phones, phone repair, plumber, electrician, carpenter, tailor, hairdresser,
      painter, goods, solar panel, item, bed, ps4, ps5, xbox, nike, adidas, air max, coat, shirt,
      trousers, tshirt, school bag, backpack, perfume, makeup, cosmetics, wig, wigs, tyres,
      charger, power bank, earphones, airpods, tablet, ipad, monitor, keyboard, pots, plates set,
      utensils, curtains, carpet, iron sheets, cement, bricks, tiles, paint, timber, drill, tools,
      textbooks, novel, stove, kettle, iron box, water dispenser, ac unit, fan, leaking tap,
      mechanic, photographer, barber, welder, movers, tutor, gadget, hp, lenovo, nokia, itel,
      oppo, huawei, redmi, bags, baby cot, sell something, buy something, handyman, bookshelf,
      office chair, desk, jbl, speakers, headset, hoverboard, scooter, motor, sewing machine, hair
      dryer, pressure cooker, air conditioner, coffee maker, stationery, mirror, lamp, bulbs,
      battery, inverter, water pump, hp laptop, dell, ssd, ram, router, modem, bike, helmet, cot`,
    hint: `
      sell, selling, buy, buying, buyer, for sale, sale, seller, phone, cheap, negotiable, used,
      brand new, good condition, car, toyota, table, shop, computer, secondhand, size, post ad,
      advert, watch, price, list, motorbike, anyone selling, repair, available, sold, purchase,
      fix, swap, exchange, old, tap, leaking, going for, advertise, someone to fix, motorcycle,
      second, deal, stock, electrical, barely used, find me a, make, delivered, condition,
      original, warranty, brand`,
    never: `coffee table book, buy time, sold out show`,
  },
  fr: {
    sure: `
      marché en ligne, d'occasion, seconde main, vends téléphone, vendre téléphone, publier une
      annonce, poster une annonce, mettre une annonce, petite annonce, petites annonces, retirer
      l'annonce, retirez l'annonce, article vendu, article disponible, vendre ma voiture, voiture
      à vendre, vélo à vendre, téléphone à vendre, acheter téléphone, acheter une voiture, article
      toujours disponible, encore disponible, toujours disponible, vendre un article, vendre mes
      meubles, me débarrasser de, je me débarrasse, échanger mon téléphone,
      (vendre|vends|acheter|achète|échanger)
      (téléphone|ordinateur|frigo|canapé|lit|télé|vélo|voiture|moto|machine|meubles|vêtements|chaussures),
      pièces de rechange, citerne`,
    likely: `
      iphone, samsung, smartphone, téléphone portable, ordinateur, ordinateur portable, frigo,
      réfrigérateur, congélateur, canapé, fauteuil, matelas, armoire, lit, meuble, chaise, télé,
      téléviseur, télévision, vélo, machine à laver, cuisinière, micro-ondes, groupe électrogène,
      chaussures, vêtements, habits, robe, sac à main, veste, jouets, poussette, guitare, appareil
      photo, imprimante, écouteurs, bijoux, électroménager, réparateur de téléphone, réparer mon
      téléphone, plombier, électricien, menuisier, couturier, peintre, annonce, article, pagne,
      ps4, ps5, manteau, chemise, pantalon, jupe, sac, sac à dos, parfum, maquillage, perruque,
      pneus, chargeur, tablette, écran, clavier, casseroles, assiettes en lot, rideaux, tapis,
      tôles, ciment, briques, carreaux, peinture, bois, perceuse, outils, livres, fer à repasser,
      ventilateur, bouilloire, fuite d'eau, robinet, dépanneur, mécanicien, photographe, coiffeur,
      soudeur, déménageur, bricoleur, console, casque audio, casque, étagère, réchaud, chaise de
      bureau, bibliothèque, scooter, machine à coudre, sèche-cheveux, climatiseur, miroir, lampe,
      batterie, onduleur, pompe à eau, routeur, modem, enceinte, enceintes`,
    hint: `
      vendre, vend, vends, vendu, à vendre, acheter, achète, acheteur, vendeur, pas cher, neuf,
      bon état, négociable, téléphone, voiture, montre, table, pointure, taille, marché, prix,
      réparation, disponible, boutique, réparer, échanger, débarrasser, vieille, ancien, demandes`,
    never: `bon marché du travail`,
  },
  sw: {
    sure: `
      nauza simu, ~uza simu, kununua simu, ~nunua simu, mitumba, iliyotumika, zilizotumika,
      vilivyotumika, used, bado ipo, bado lipo, bado kipo, bidhaa zangu sokoni, tangaza bidhaa,
      kutangaza bidhaa, weka tangazo, ~uza gari, ~nunua gari, gari linauzwa, simu inauzwa, viatu
      vya kuuza, nguo za kuuza, bidhaa imeuzwa, imeuzwa, kubadilisha simu, ~badilisha simu,
      (kuuza|nauza|ninauza|kununua|natafuta|nanunua)
      (friji|sofa|laptop|kitanda|baiskeli|pikipiki|gari|meza|nguo|viatu|kompyuta|tv|redio|jiko),
      vipuri, tenki la maji, pili mkono, mkono wa pili, mtumba`,
    likely: `
      laptop, kompyuta, friji, jokofu, runinga, televisheni, tv, sofa, kochi, makochi, kitanda,
      godoro, kabati, meza na viti, viti, baiskeli, jenereta, viatu, nguo, gauni, suruali, koti,
      begi, mkoba, mashine ya kufua, jiko, pasi, redio, spika, kamera, vifaa, samani za kuuza,
      fundi simu, fundi wa simu, fundi bomba, fundi umeme, seremala, mshonaji, fundi, bidhaa, saa
      ya mkono, ps4, ps5, begi la shule, shati, perfume, vipodozi, wigi, matairi, chaja, tablet,
      sufuria, sahani seti, mapazia, zulia, mabati, saruji, simenti, matofali, vigae, rangi ya
      nyumba, mbao, vitabu, feni, birika, bomba linavuja, kutengeneza tv, kutengeneza simu, fundi
      wa, kinyozi, mpiga picha, vyombo, pazia, toroli, kabati la nguo, kioo, taa, betri, pampu,
      cherehani, meza ya ofisi, kiti cha ofisi, modem, spika za, skuta`,
    hint: `
      ~uza, nauza, kuuza, inauzwa, anauza, ~nunua, simu, bei nafuu, bei rahisi, mpya, sokoni,
      soko, gari, meza, muuzaji, duka, bei, pikipiki inauzwa, tangazo, kutengeneza, kubadilisha,
      badilisha, used, chakavu, tengeneza, rekebisha`,
    never: `
      nipigie simu, nipigieni simu, piga simu, pigia simu, nambari ya simu, namba ya simu`,
  },
  rw: {
    sure: `
      ~gurisha telefone, ~gura telefone, caguwa, yakoreshejwe, zakoreshejwe, cyakoreshejwe,
      byakoreshejwe, okazeyo, okaziyo, gushyira igicuruzwa, kwamamaza igicuruzwa, kiracyahari,
      iracyahari, biracyahari, itangazo ryanjye, gushyiraho itangazo, kwamamaza, ~gurisha imodoka,
      ~gura imodoka, imodoka igurishwa, telefone igurishwa, byaguzwe, yaguzwe, cyaguzwe, ~gurisha
      imyenda, ~gurisha inkweto,
      (ngurisha|ndagurisha|kugurisha|kugura|ndagura|ngura|guhindura|nagura)
      (telefone|mudasobwa|firigo|frigo|igare|moto|imodoka|intebe|igitanda|matela|televiziyo|inkweto|imyenda|ameza|radiyo),
      ibyuma by'imodoka, ikigega cy'amazi`,
    likely: `
      mudasobwa, laptop, firigo, frigo, televiziyo, tereviziyo, tv, igare, amagare, intebe, saro,
      sofa, matela, matola, igitanda, akabati, inkweto, imyenda, ikanzu, ipantalo, ikoti,
      isakoshi, agakapu, radiyo, imashini imesa, ibikoresho byo mu rugo, igicuruzwa, ibicuruzwa
      byanjye, ukora amatelefone, gukora telefone, gukoresha telefone, umukanishi wa telefone,
      umudozi, umubaji, umupulombiye, generateri, moteri, telefone nshya, ibyuma, ps4, ps5,
      amasafuriya, isafuriya, amasahani agurishwa, ishati, umupira wo kwambara, parufe, amavuta yo
      kwisiga, perike, amapine, sharijeri, tabureti, tapi, rido, amabati, sima, amatafari,
      amakaro, irangi, imbaho, ibitabo, ventilateri, ipasi, robine, umuntu ukora amazi, unkorera
      amazi, umukanishi, kogosha, umufotozi, umusuderi, amajipo, ibikombe, ibikoresho, terefone,
      indangururamajwi, etajeri, intebe y'ibiro, indorerwamo, itara, bateri, pompe y'amazi,
      imashini idoda, modemu, sikuta, ipate`,
    hint: `
      ~gurisha, ~gura, igurishwa, kigurishwa, bigurishwa, ugurisha, telefone, telephone, imodoka,
      ihendutse, zihendutse, isoko, igiciro, nshya, ameza, iduka, itangazo, nagura he, umuguzi,
      gukora, gusana, guhindura, ukora, gukanika, amazi, ngurisha, yakoze`,
    never: `nimero ya telefone, mpamagara kuri telefone`,
  },
};
