/**
 * Whether a path matches a pattern: `*` or `:name` stands for one segment, `**` for the rest,
 * e.g. `/assistant/*`, `/:version/:id/messages`, `/2010-04-01/**`.
 */
export function matchPath(pattern: string, path: string): boolean {
  const wanted = pattern.split("/").filter((segment) => segment !== "");
  const given = path.split("/").filter((segment) => segment !== "");
  for (const [index, segment] of wanted.entries()) {
    if (segment === "**") return true;
    const actual = given[index];
    if (actual === undefined) return false;
    const any = segment === "*" || segment.startsWith(":");
    if (!any && segment !== actual) return false;
  }
  return wanted.length === given.length;
}
