import { AppError } from "../../errors.ts";

/** Answers the address as it will be asked. @throws AppError `forbidden` */
export type RequireAllowed = (url: string) => URL;

/**
 * Which addresses may be fetched on behalf of a message. An entry is a host (`storage.vapi.ai`), all
 * hosts below one (`*.example.com`), or a whole origin (`http://127.0.0.1:8080`, `:*` for any port),
 * which is the only way to allow anything but https on its usual port.
 */
export function createAllowList(entries: readonly string[]): RequireAllowed {
  const origins = new Set(entries.filter((entry) => entry.includes("://")).map(originOf));
  const hosts = entries.filter((entry) => !entry.includes("://")).map((entry) =>
    entry.toLowerCase()
  );

  return (text) => {
    const refuse = (reason: string) =>
      new AppError("forbidden", `Cannot fetch "${hostOf(text)}": ${reason}`);
    if (!URL.canParse(text)) throw refuse("it is no address");
    const url = new URL(text);
    if (url.username !== "" || url.password !== "") throw refuse("it carries credentials");
    if (origins.has(url.origin) || origins.has(`${url.protocol}//${url.hostname}:*`)) return url;
    if (url.protocol !== "https:" || url.port !== "") throw refuse("it is not plain https");
    const allowed = hosts.some((host) =>
      host.startsWith("*.") ? url.hostname.endsWith(host.slice(1)) : url.hostname === host
    );
    if (!allowed) throw refuse("its host is not on the list of recording hosts");
    return url;
  };
}

function originOf(entry: string): string {
  return URL.canParse(entry) ? new URL(entry).origin : entry;
}

/** Signed addresses carry their signature in the query: never in a message. */
function hostOf(text: string): string {
  return URL.canParse(text) ? new URL(text).host : "an address";
}
