import { foldText } from "../fold_text.ts";

/**
 * Articles, possessives and joining words, in a phrase as in a text: "vendre mon restaurant" is
 * "vendre un restaurant". Words that tell services apart (for, to, your, sans…) aren't here.
 */
const SKIPPED = new Set([
  ..."a,an,the,my,our,some,any,this,that,these,is,are,was,of,very,really,just,s,ll,m,re,ve".split(
    ",",
  ),
  ..."un,une,des,le,la,les,l,mon,ma,mes,notre,nos,ce,cet,cette,du,de,d,est,tres,j,c,qu,n".split(
    ",",
  ),
  ..."yangu,langu,changu,wangu,zangu,vyangu,yetu,wetu,letu,zetu,vyetu,ya,wa,za,cha,vya,na,ni,hii,hiyo"
    .split(","),
  ..."yanjye,wanjye,cyanjye,bwanjye,rwanjye,byanjye,zanjye,kanjye,banjye,yacu,bwacu,byacu,zacu"
    .split(","),
  ..."y,w,cy,bw,z,k,rw,by,bya,cya,bwa,ka,rwa,mu,i,ku,yo,bo,ko,zo,byo,wo".split(","),
]);

const STRETCHED = /(\p{L})\1{2,}/gu;
const PLAIN = /^[a-z ]*$/;
const STRETCHED_PLAIN = /([a-z])\1\1/;
/** "500kg", "toyota2010". Where digits and letters take turns it is a code, and no part of it a word. */
const NUMBER_WITH_WORD = /^(?:(\p{N}+)(\p{L}+)|(\p{L}+)(\p{N}+))$/u;
const NUMBER = /^\p{N}+$/u;
/** Nothing that anybody types as one word. */
const LONGEST_WORD = 40;

/**
 * A text's words, folded: "heyyy" is "hey", "500kg" is "kg", "a4cc90" is itself, and an English or French article is
 * nothing. Apostrophes part words, which is what Kinyarwanda's and French's elisions want.
 */
export function splitWords(text: string): string[] {
  return splitAll(text).filter((word) => !SKIPPED.has(word) && !NUMBER.test(word));
}

/** Every word, articles and numbers too. */
export function splitAll(text: string): string[] {
  // Most of what is compiled, and much of what is written, is folded already.
  if (PLAIN.test(text) && !STRETCHED_PLAIN.test(text)) return keepWords(text.split(" "));
  const words = foldText(text)
    .replaceAll("œ", "oe")
    .replace(STRETCHED, "$1")
    .split(" ")
    .flatMap((word) => NUMBER_WITH_WORD.exec(word)?.slice(1).filter(Boolean) ?? [word]);
  return keepWords(words);
}

function keepWords(words: string[]): string[] {
  return words.filter((word) => word !== "" && word.length <= LONGEST_WORD);
}
