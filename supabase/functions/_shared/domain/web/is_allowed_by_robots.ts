/** RFC 9309 section 2.5: what is beyond is not read. */
const LONGEST_READ = 500 * 1024;

type Rule = { allowed: boolean; pattern: string };

/**
 * Whether a site's robots.txt lets `agent` read `path` (with its query): the rules of the groups that
 * name the agent, else of those for `*`; the longest rule that matches decides, an allowing one where
 * two are equally long (RFC 9309 section 2.2).
 */
export function isAllowedByRobots(
  robots: string,
  { agent, path }: { agent: string; path: string },
): boolean {
  const target = normalise(path);
  if (target === "/robots.txt") return true;
  let found: Rule = { allowed: true, pattern: "" };
  for (const rule of findRules(robots, agent.toLowerCase())) {
    if (!matches(rule.pattern, target)) continue;
    const longer = rule.pattern.length - found.pattern.length;
    if (longer > 0 || (longer === 0 && rule.allowed)) found = rule;
  }
  return found.allowed;
}

function findRules(robots: string, agent: string): Rule[] {
  const own: Rule[] = [];
  const anyone: Rule[] = [];
  let named = false;
  let targets: Rule[][] = [];
  let naming = false;
  for (const line of robots.slice(0, LONGEST_READ).replace(/^\ufeff/, "").split(/\r\n|\r|\n/)) {
    const colon = line.indexOf(":");
    if (colon < 0) continue;
    const field = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).split("#")[0]!.trim();
    if (field === "user-agent") {
      if (!naming) targets = [];
      naming = true;
      const name = value.toLowerCase().split("/")[0]!.trim();
      if (name === "*") targets.push(anyone);
      if (name === agent) {
        named = true;
        targets.push(own);
      }
    } else if (field === "allow" || field === "disallow") {
      naming = false;
      // An empty rule matches nothing.
      if (value === "") continue;
      for (const rules of targets) {
        rules.push({ allowed: field === "allow", pattern: normalise(value) });
      }
    }
  }
  return named ? own : anyone;
}

/** `*` is anything, `$` at the end is the end. Each part is looked for once, so that it takes no longer. */
function matches(pattern: string, path: string): boolean {
  const ends = pattern.endsWith("$");
  const parts = (ends ? pattern.slice(0, -1) : pattern).split("*");
  const first = parts[0]!;
  if (!path.startsWith(first)) return false;
  if (parts.length === 1) return !ends || path.length === first.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const last = parts.at(-1)!;
  if (!ends) return path.indexOf(last, at) >= 0;
  return path.length - last.length >= at && path.endsWith(last);
}

/** One spelling for what is and what is not percent-encoded. */
function normalise(path: string): string {
  return path.replace(/%[0-9a-f]{2}/gi, (code) => {
    const character = String.fromCharCode(parseInt(code.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : code.toUpperCase();
  }).replace(/[^\x21-\x7e]+/g, (text) => encodeURI(text.replace(/\p{Surrogate}/gu, "\ufffd")));
}
