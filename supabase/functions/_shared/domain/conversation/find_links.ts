/**
 * Whatever a chat makes a link of: an address with a scheme, one that begins with www, and names that
 * end like one ("example.com/pay"). Folded, so that two spellings of one link are the same.
 */
const LINK =
  /\b(?:[a-z][a-z0-9+.-]*:\/\/|mailto:|tel:|www\.)[^\s<>"'`]+|(?<![\p{L}\p{N}@.-])(?:[\p{L}\p{N}-]+\.)+(?:[a-z]{2,24}|xn--[a-z0-9-]+)(?=[/:?#\s,;!)]|\.?(?:\s|$))[^\s<>"'`]*/giu;
const TRAILING = /[.,;:!?)\]}*_~]+$/;

/** Ends of words that are no addresses: "e.g.", "p.m", a sentence without a space after its dot. */
const DOMAIN_ENDS =
  /\.(?:com|net|org|info|biz|io|co|me|app|dev|ai|xyz|site|online|shop|store|top|click|link|live|club|icu|cc|ly|gl|gd|ru|cn|uk|fr|de|us|eu|in|za|ng|ke|tz|ug|rw|bi|cd|cg|africa|gov|edu|mobi|page|web|to|tk|ml|ga|cf|gq|xn--[a-z0-9-]+)(?:[/:?#]|$)/i;

export function findLinks(text: string): string[] {
  const links = [...text.normalize("NFKC").matchAll(LINK)]
    .map(([link]) => link.replace(TRAILING, ""))
    .filter((link) => /^(?:[a-z][a-z0-9+.-]*:|www\.)/i.test(link) || DOMAIN_ENDS.test(link));
  return [...new Set(links.map(foldLink))];
}

function foldLink(link: string): string {
  return link.toLowerCase().replace(/^https?:\/\//, "").replace(/^www\./, "").replace(/\/+$/, "");
}
