/**
 * The path inside a function. The platform passes the whole path, function's name first:
 * `/workspace-save/vapi` is `/vapi`, `/workspace-save` and `/workspace-save/` are `/`.
 * A path that begins with none of the names is returned under `/.`, where no route is.
 */
export function stripFunctionName(pathname: string, names: readonly string[]): string {
  for (const name of names) {
    const prefix = `/${name}`;
    if (pathname === prefix) return "/";
    if (!pathname.startsWith(`${prefix}/`)) continue;
    const rest = pathname.slice(prefix.length);
    return rest.length > 1 && rest.endsWith("/") ? rest.slice(0, -1) : rest;
  }
  return `/.${pathname}`;
}
