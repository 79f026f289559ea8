/** What is said around a wish: it means no service, and shows that the rest isn't nonsense. */
export const SMALL_TALK = {
  greeting: `
      hi, hello, hey, hiya, good morning, good afternoon, good evening, good day, how are you, how
      are u, whats up, what s up, sup, yo, greetings, morning, evening, hallo, bonjour, bonsoir,
      salut, coucou, bjr, bsr, slt, cc, ca va, comment ca va, comment allez vous, bonne journee,
      habari, habari yako, habari gani, habari za asubuhi, habari za leo, habari za jioni, mambo,
      mambo vipi, vipi, hujambo, jambo, hamjambo, shikamoo, niaje, sasa, salama, za asubuhi, za
      leo, karibu, muraho, mwaramutse, mwiriwe, mwiriwe neza, amakuru, amakuru yanyu, amakuru
      yawe, bite, bite se, waramutse, wiriwe, mwaramutse neza, yambi, gite`,
  thanks: `
      thanks, thank you, thanks a lot, thank you very much, thank you so much, thx, tnx, ty,
      appreciated, much appreciated, god bless you, cheers, merci, merci beaucoup, merci bien,
      mille mercis, je vous remercie, grand merci, asante, asante sana, asanteni, ahsante,
      shukrani, nashukuru, murakoze, urakoze, murakoze cyane, urakoze cyane, ndagushimiye,
      ndabashimiye, turabashimiye`,
  farewell: `
      bye, bye bye, goodbye, good bye, good night, see you, see you later, take care, later, have
      a nice day, au revoir, a bientot, a plus, a demain, bonne nuit, bonne soiree, adieu,
      kwaheri, kwa heri, usiku mwema, tutaonana, baadaye, siku njema, lala salama, murabeho,
      urabeho, ijoro ryiza, mwirirwe, umunsi mwiza, muramuke, uramuke, tuzasubira`,
} as const;

export type SmallTalk = keyof typeof SMALL_TALK;
