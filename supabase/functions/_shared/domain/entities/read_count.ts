import { foldText } from "../fold_text.ts";

/** One to twelve in English, French, Swahili and Kinyarwanda, folded. */
const NUMBER_WORDS: { [word: string]: number } = {};
for (
  const [value, words] of Object.entries({
    1: "one,un,une,moja,kimoja,rimwe,imwe,umwe,kamwe,limwe",
    2: "two,deux,mbili,viwili,wawili,kabiri,bibiri,ebyiri,abiri,babiri,bibiri",
    3: "three,trois,tatu,vitatu,watatu,gatatu,bitatu,eshatu,atatu,batatu",
    4: "four,quatre,nne,vinne,wanne,kane,bine,enye,ane,bane",
    5: "five,cinq,tano,vitano,watano,gatanu,bitanu,eshanu,atanu,batanu",
    6: "six,sita,gatandatu,bitandatu,esheshatu,atandatu,batandatu",
    7: "seven,sept,saba,karindwi,birindwi,zirindwi,arindwi",
    8: "eight,huit,nane,umunani,munani",
    9: "nine,neuf,tisa,icyenda,cyenda",
    10: "ten,dix,kumi,icumi,cumi",
    12: "twelve,douze",
  })
) {
  for (const word of words.split(",")) NUMBER_WORDS[word] = Number(value);
}

/** A number with a word for what is counted beside it: "3 bedrooms", "vyumba 3", "ibyumba bitatu". */
export function readCountOf(text: string, nouns: readonly string[]): number | undefined {
  const words = foldText(text).split(" ");
  for (const [place, word] of words.entries()) {
    const noun = nouns.find((each) => word === each || word === `${each}s`);
    if (noun !== undefined) {
      const count = readNumber(words[place - 1]) ?? readNumber(words[place + 1]);
      if (count !== undefined) return count;
    }
    // "3br", "2bdr"
    const joined = /^(\d{1,3})([a-z]+)$/.exec(word);
    if (joined && nouns.includes(joined[2]!)) return Number(joined[1]);
  }
  return undefined;
}

/** The first number of an answer, in digits or a word. */
export function readAnsweredCount(text: string): number | undefined {
  for (const word of foldText(text).split(" ")) {
    const count = readNumber(word);
    if (count !== undefined) return count;
  }
  return undefined;
}

function readNumber(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  return /^\d{1,6}$/.test(word) ? Number(word) : NUMBER_WORDS[word];
}
