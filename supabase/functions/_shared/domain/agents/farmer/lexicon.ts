import type { Lexicon } from "../../intent/lexicon.ts";

/** Produce, livestock and what they need: selling, buying, prices. */
export const farmerLexicon: Lexicon = {
  en: {
    sure: `
      harvest, harvested, i am a farmer, farmer, farmers, farming, farm produce, agriculture,
      fertilizer, fertiliser, pesticide, cooperative of farmers, sell maize, sell beans, sell
      potatoes, buy maize, buy beans, irish potatoes, sweet potatoes, bags of rice, bags of maize,
      bags of beans, bags of potatoes, coffee cherries, coffee beans, green coffee, tea leaves,
      livestock, poultry farm, crop, crops, fresh milk, milk from farmers, trays of eggs, cassava
      flour, farm gate, per kilo farm, maize, price of beans, price of maize, price of potatoes,
      sorghum, cassava, produce, agronomist, sell cow, sell goat, vegetables to sell, animal feed,
      avocado hass, goats are ready, ready for market, (price of|prices
      of|sell|selling|buy|buying|harvest|grow|growing|plant|planting)
      (maize|beans|potatoes|tomatoes|onions|cabbage|cabbages|carrots|avocado|avocados|rice|wheat|soya|cassava|sorghum|bananas|milk|eggs|goats|cows|chickens|pigs|rabbits|honey|coffee|peppers),
      what can i plant, can i plant, farm inputs, pests, armyworm, food crops, planting season,
      laying eggs, layers, broilers, chicks, hens stopped, milking, fertilizer for, going rate for`,
    likely: `
      beans, potatoes, potato, tomatoes, tomato, onions, cabbage, cabbages, carrots, avocado,
      avocados, bananas, plantain, pineapple, mangoes, passion fruit, rice, wheat, soya, soybeans,
      groundnuts, sunflower, cow, cows, goats, goat, sheep, pigs, chickens, hens, eggs, seeds,
      seedlings, hectares, dairy, veterinary, irrigation, farm, tons, tonnes, price per kilo, per
      kg, matoke, macadamia, chili, french beans, honey, export market, rabbits, rabbit, ducks,
      turkey, garlic, ginger, peppers, eggplant, peas, cooperative, cooperatives, seedling, plant,
      planting, garden crops, manure, spray, grain, cereals, mushrooms, strawberries, watermelon,
      tractor, greenhouse, heifer, calf, bull, piglets, my crops, our cooperative, feeds, vaccine
      for chickens, calves, hatch, hatchery, poultry, maize flour, mill, silage, kitchen garden,
      fodder, weeds, weeding, drought, agro, agrovet, acre, acres, hectare`,
    hint: `
      kg, kilo, bags, sacks, milk, coffee, tea, market price, litres, buyers, per day, fresh,
      export, organic, season, vegetables, fruits, tray, fish`,
    never: `
      goat brochette, fried chicken, chicken burger, grilled fish, couch potato, coffee please,
      hot coffee, cup of coffee, cup of tea, rice and beans, server farm, crop top`,
  },
  fr: {
    sure: `
      récolte, récoltes, récolté, agriculteur, agricultrice, cultivateur, éleveur, agriculture,
      agricole, engrais, semences, pesticide, pesticides, coopérative agricole, haricots, pommes
      de terre, sacs de riz, sacs de maïs, sacs de haricots, café cerise, café vert, bétail,
      élevage, manioc, sorgho, lait frais, ferme, produits agricoles, prix des haricots, prix du
      maïs, prix des pommes de terre, je vends des poules, vendre mes vaches, vendre mes chèvres,
      tonnes d'avocats, plateaux d'oeufs, agronome, fumier, plants de café,
      (prix|vendre|vends|acheter|achète|récolter|planter|cultiver|produis)
      (maïs|haricots|pommes|tomates|oignons|choux|carottes|avocats|riz|blé|soja|manioc|sorgho|bananes|lait|oeufs|chèvres|vaches|poules|porcs|lapins|miel),
      prêts pour la vente, planter, quoi planter, intrants agricoles,
      (kg|kilos|tonnes|sacs|prix|vendre|vends|acheter|récolte|champ|épis) maïs, farine de maïs,
      pondent, pondeuses, poussins, engrais pour, traire les vaches, aliments pour poules, livrer
      trois tonnes`,
    likely: `
      tomates, oignons, choux, carottes, avocats, bananes, ananas, mangues, riz, blé, soja,
      arachides, vache, vaches, chèvre, chèvres, mouton, moutons, porcs, poules, oeufs, œufs,
      plants, hectares, laitier, vétérinaire, irrigation, tonnes, prix au kilo, patates, légumes,
      miel, vivres, lait, cultures, oignon, lapin, lapins, canards, ail, gingembre, piments,
      aubergines, petits pois, coopérative, champignons, fraises, pastèque, tracteur, serre, veau,
      taureau, porcelets, traire, cultiver, notre coopérative, mes cultures, pondre, poulailler,
      couveuse, fourrage, désherber, sécheresse, hectare, plantation, volaille, mildiou`,
    hint: `
      kg, kilo, kilos, sacs, café, fruits, acheteurs, litres, frais, exportation, saison, champ,
      prix`,
    never: `
      un café svp, boire un café, jus de fruits, poulet frites, riz et haricots, avocat au
      tribunal, fermer, cabinet d'avocats`,
  },
  sw: {
    sure: `
      mazao, mavuno, ~vuna, nimevuna, mkulima, wakulima, kilimo, mbolea, mbegu, dawa ya kuua
      wadudu, mahindi, maharage, maharagwe, viazi, viazi mviringo, magunia, gunia, mifugo,
      mfugaji, ~fuga, mtama, mihogo, muhogo, ufugaji, shambani, ng'ombe wa maziwa, kuku wa
      kienyeji, ~uza mahindi, ~uza mchele, ~nunua mahindi, kuku na mayai, bei ya mahindi, bei ya
      maharage, bei ya kahawa, ekari, ushirika wa wakulima, vinauzwa bei, tani tatu, tani mbili,
      dawa ya wadudu, (bei ya|nauza|kuuza|kununua|nanunua|natafuta)
      (mahindi|maharage|viazi|nyanya|vitunguu|karoti|kabichi|mchele|soya|karanga|maziwa|mayai|mbuzi|kuku|ng'ombe|sungura|nguruwe|asali|kahawa|ndizi|parachichi),
      ushirika, kupanda mazao, wadudu, ~panda mahindi, msimu wa kupanda, pembejeo, kutaga mayai,
      ~taga mayai, kutaga, kuku wa mayai, vifaranga, ng'ombe wangu, mbolea gani, kukamua, chakula
      cha kuku, chakula cha mifugo`,
    likely: `
      nyanya, vitunguu, kabichi, karoti, parachichi, ndizi, nanasi, embe, maembe, mchele, ngano,
      soya, karanga, alizeti, ng'ombe, mbuzi, kondoo, nguruwe, kuku, mayai, miche, hekta, maziwa,
      umwagiliaji, tani, shamba, mboga, matunda, kahawa, chai ya majani, asali, trei, sungura,
      bata, tangawizi, kitunguu, pilipili, biringanya, njegere, uyoga, tikiti, trekta, ndama,
      fahali, kupanda, mavuno yangu, wadudu wa, ukame, palizi, malisho, hekari, banda la kuku,
      kuku wa nyama, kupalilia`,
    hint: `kilo, kilo moja, wanunuzi, mnunuzi, lita, msimu, kg`,
    never: `
      kuku na chipsi, chai ya maziwa, nyama ya mbuzi, kahawa moja, chipsi kuku, kuku choma, shamba
      la bibi`,
  },
  rw: {
    sure: `
      ibigori, ibishyimbo, ibirayi, umusaruro, ~sarura, ~eza imyaka, nejeje, twejeje, wejeje,
      umuhinzi, abahinzi, ubuhinzi, umworozi, aborozi, ubworozi, ~hinga, ~orora, ifumbire, imbuto,
      imiti y'udukoko, imifuka, umufuka, imyumbati, amasaka, amatungo, inka n'ihene, koperative
      y'abahinzi, inkoko n'amagi, amata y'inka, ~gurisha ibigori, ~gurisha ibirayi, ~gurisha inka,
      ikawa ku kilo, agoronome, imyaka, imirima, umurima, umuti wica udukoko, udukoko, (igiciro
      cya|kugurisha|ngurisha|ndagurisha|kugura|ndagura|nejeje|igiciro)
      (ibigori|ibishyimbo|ibirayi|inyanya|ibitunguru|karoti|amashu|umuceri|soya|amata|amagi|ihene|inka|inkoko|inkwavu|ingurube|ubuki|ikawa|imineke|avoka|cy'amata|cy'ibirayi|cy'ibigori),
      ~tera imbuto, gutera, igihembwe cy'ihinga, ihinga, nahinze, twahinze, gutera amagi, amagi
      yazo, imishwi, fumbire, ifumbire nziza, imbuto y'ibigori, imbuto y'ibirayi, gukama, ibiryo
      by'amatungo, ibiryo by'inkoko`,
    likely: `
      inyanya, ibitunguru, amashu, karoti, avoka, imineke, ibitoki, inanasi, imyembe, umuceri,
      ingano, soya, ubunyobwa, inka, ihene, intama, ingurube, inkoko, amagi, ingemwe, hegitari,
      amata, kuhira, toni, imboga, imbuto zo kurya, ikawa, icyayi, ubuki, ibijumba, marakuja,
      urusenda, amateke, inkwavu, urukwavu, imbata, tungurusumu, tangawizi, intoryi, amashaza,
      ibihumyo, watermelon, tingatinga, inyana, imfizi, toni eshatu, toni ebyiri, ubwatsi, izuba
      ryinshi, amapfa, kubagara, hegitare, ubusitani bw'imboga, birayi, gigori, koperative yacu,
      koperative`,
    hint: `
      kilo, ibiro, abaguzi, umuguzi, litiro, igiciro cya, igihembwe, ku kilo, kg, isoko, biragura,
      weze`,
    never: `
      inkoko n'ifiriti, brochette n'ibirayi, ibirayi n'ifiriti, ikawa n'amata, brochette y'ihene,
      imyaka ingahe, umwaka n'imyaka, ibiro byanyu`,
  },
};
