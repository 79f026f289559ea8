const LONGEST_URL = 2_048;

/**
 * Whether a page at this URL may be asked for at all, before its host's address is known.
 * @returns what is wrong with it, or the URL without its fragment
 */
export function checkPageUrl(text: string, isTestOrigin: (url: URL) => boolean): URL | string {
  if (text.length > LONGEST_URL) return `it is longer than ${LONGEST_URL} characters`;
  if (!URL.canParse(text)) return "it is no URL";
  const url = new URL(text);
  url.hash = "";
  if (url.username !== "" || url.password !== "") return "it holds a user's name or password";
  if (isTestOrigin(url)) return url;
  if (url.protocol !== "https:") return "it is not https";
  if (url.port !== "") return "it names a port";
  // `URL` writes every spelling of an IPv4 address in one way.
  if (/^\[|^\d+(?:\.\d+){3}$/.test(url.hostname)) return "it names an address, not a host";
  return url;
}
