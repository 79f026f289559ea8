import type { Lexicon } from "../../intent/lexicon.ts";

/** Restaurants: what there is, orders, tables. */
export const waiterLexicon: Lexicon = {
  en: {
    sure: `
      book a table, reserve a table, table reservation, table for, restaurant, restaurants, order
      food, food order, order pizza, hungry, i am hungry, what can i eat, place to eat, where to
      eat, food delivery, deliver food, show me the menu, see the menu, menu for, lunch, dinner,
      breakfast, brochette, brochettes, buffet, pizza, pizzas, burger, burgers, fries, grilled
      fish, grilled chicken, fried chicken, vegetarian food, dish of the day, takeaway, take away,
      takeout, rice and beans, chips and chicken, cup of coffee, goat brochette, chicken burger,
      bar and grill, cafe, something to eat, melange, waakye, what s cooking, whats cooking, are
      you serving, serving, table outside, outside seats, seats outside, (book|reserve)
      (table|dinner|seats), dinner for, lunch for, romantic dinner, date night, margherita, date
      night dinner, of us at, (order|deliver|bring me)
      (food|pizza|burger|chicken|fish|lunch|dinner|breakfast|drinks|brochettes), vegan options,
      beef stew, ugali, craving, breakfast delivered, lunch delivered, dinner delivered, tasting,
      posho, pilau, rolex, akabenz, ugali and beef`,
    likely: `
      food, eat, eating, meal, meals, dish, dishes, dessert, vegetarian, vegan, halal, chicken and
      chips, chapati, samosa, juice, beer, soda, coke, fanta, wine, cocktail, salad, soup, pasta,
      steak, sandwich, cake, order drinks, cuisine, kitchen open, reservation, snack, thirsty, ice
      cream, chips, rice with beef, beef, cooking, cook today, romantic, pork, ribs, omelette,
      pancakes, coffee shop, waiter, bill please, spicy, delicious, craving, appetite, no onions,
      tilapia, dine, dining, outside, plate of, stew, options vegan, goat meat, bbq, barbecue,
      pastry, donuts, milkshake, smoothie, espresso, latte, cappuccino, mocktail, matoke dish`,
    hint: `
      order, table, menu, deliver, delivery, chicken, fish, tonight, coffee, tea, rice, people,
      drinks, drink, cold, birthday, bar, hotel, plates`,
    never: `
      food for thought, dog food, animal feed, main menu, table and chairs, eat my words, bulk
      order, bulk orders, in order to, money order, restaurant business, out of order, hungry for
      success`,
  },
  fr: {
    sure: `
      réserver une table, réservation de table, table pour, restaurant, restaurants, resto,
      restos, j'ai faim, faim, où manger, manger, commander à manger, commander une pizza,
      commander deux pizzas, menu du restaurant, voir le menu, montrez-moi le menu, la carte du
      restaurant, plat du jour, plats végétariens, livraison de repas, livraison de nourriture,
      brochette, brochettes, buffet, pizza, pizzas, burger, poulet frites, frites, petit déjeuner,
      déjeuner, dîner, souper, commande de nourriture, poisson grillé, poulet grillé, gastronomie,
      au menu, en terrasse, (réserver|réservez) (table|terrasse), margherita, envie de manger,
      qu'est-ce qu'on mange, menu aujourd'hui, dîner romantique, (commander|livrer|apporter)
      (pizza|burger|poulet|poisson|repas|plats|boissons), plats à emporter, bonne pizza, envie
      d'une pizza, petit déjeuner livré, déjeuner livré, repas livré, ragoût`,
    likely: `
      repas, plat, plats, dessert, végétarien, halal, jus, bière, soda, fanta, vin, salade, soupe,
      pâtes, sandwich, gâteau, nourriture, cuisine, réservation, snack, boisson, boissons, soif,
      grillades, goûter, terrasse, viande, boeuf, porc, sans oignons, omelette, crêpes, épicé,
      délicieux, addition, assiettes, serez, on sera, tilapia, crevettes, croissant, assiette de,
      ragoût, envie, barbecue, grillade, pâtisserie, beignets, smoothie, cappuccino, végane,
      livré, servez, chèvre grillée`,
    hint: `
      commander, commande, table, menu, livraison, poulet, poisson, café, riz, personnes, boire,
      midi, bar, hôtel, anniversaire`,
    never: `
      table à manger, menu principal, bon appétit, grosses commandes, grosse commande, salle à
      manger`,
  },
  sw: {
    sure: `
      kuagiza chakula, ~agiza chakula, agiza chakula, chakula, vyakula, nina njaa, njaa, nile
      wapi, ~kula wapi, mgahawa, migahawa, hoteli ya kula, hoteli ya chakula, menyu ya mgahawa,
      nionyeshe menyu, nionyeshe menu, meza ya watu, kuweka meza, weka meza, nafasi ya meza, ~weka
      nafasi ya meza, nyama choma, pizza, chipsi, chakula cha mchana, chakula cha jioni, chakula
      cha usiku, kifungua kinywa, kuku choma, chipsi kuku, kuku na chipsi, wali, ugali, pilau,
      biryani, mishkaki, chapati, wali na samaki, restoranti, mmepika, mmepika nini, mnapika nini,
      sahani mbili, mandazi, wali na nyama, tutakuja watu, kuna chakula gani,
      (niletee|leteni|naagiza|naomba)
      (chakula|pizza|chipsi|nyama|samaki|wali|ugali|chai|kuku|soda|bia), kunywa chai, ugali na,
      mchuzi, mchuzi wa nyama, kifungua kinywa asubuhi, mbuzi choma`,
    likely: `
      kula, nyama, samaki, bia, soda, juisi, sambusa, supu, maandazi, vinywaji, kinywaji, menyu,
      kiu, chai, baga, keki, nyama ya ng'ombe, tutakuja, kupika, pilipili, mayai kukaanga, kahawa
      moja, sahani, njaa sana, maharage na wali, kinywaji baridi, tamu, sahani ya, mboga za majani
      na ugali, mikate, sharubati, dafu, supu ya, vitafunio, kitafunwa`,
    hint: `
      agiza, ~agiza, kuagiza, oda, kuku, leteni, mnaleta, leo usiku, watu wanne, meza, kahawa,
      baridi, kesho, nafasi`,
    never: `menyu kuu, oda kubwa, meza na viti, chakula cha mifugo, chakula cha kuku`,
  },
  rw: {
    sure: `
      gutumiza ibyo kurya, ~tumiza ibyo kurya, ~tumiza ibiryo, ibyo kurya, ibiryo, ndashonje,
      turashonje, inzara, resitora, restaurant, resto, ahantu barya, barya, narya, narya he,
      twarya he, ~rya, menu ya resitora, nyereka menu, kureba menu, ameza y'abantu, kubika ameza,
      ~bika ameza, mumbikire ameza, gufata ameza, bika umwanya, brochette, burusheti, ifiriti,
      isambaza, inkoko n'ifiriti, pizza, brochette n'ibirayi, ifunguro, ifunguro rya saa sita,
      amafunguro, ibyo kunywa, igikoma, ubugari, akabenzi, buffet, melanje, agatogo, kurya,
      mwatetse, mwatetse iki, muteka iki, amasahani abiri, amandazi, umuceri n'inyama, tuzaza
      turi, hari ibiryo ki, (munzanire|nzanira|mutuzanire|ndashaka|ntumije)
      (ibiryo|pizza|ifiriti|inyama|amafi|umuceri|icyayi|fanta|inzoga|brochette|ibyo
      kurya|isambaza), ubugari n'inyama, inyama z'ihene, ifunguro rya mu gitondo, icyayi
      n'umugati, umuceri n'ibishyimbo, ibishyimbo n'umuceri`,
    likely: `
      inyama, amafi, ifi, fanta, inzoga, byeri, umutobe, jus, isupu, capati, sambusa, inyota,
      kunywa, icyayi cy'amata, ikawa n'amata, komande y'ibiryo, mutetsi, ikeke, amasahani, icyayi,
      amandazi, gutekesha, guteka, tuzaza, inyama z'inka, omuleti, inkoko yokeje, urusenda ruke,
      kariye, isahani ya, umugati, isosi, salade, imikati, umuneke wo kurya, keke, mwazana`,
    hint: `
      ~tumiza, gutumiza, komande, ameza, menu, mwangeza, kugeza mu rugo, inkoko, nimugoroba, saa
      sita, ikonje, abantu bane, abantu babiri, mwatuzanira, umuceri`,
    never: `ameza n'intebe, imbuto zo kurya, ibiryo by'amatungo, ibiryo by'inkoko`,
  },
};
