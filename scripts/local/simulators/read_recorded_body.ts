import { maskCredentials } from "./mask_credentials.ts";

/** The body as the ledger keeps it: JSON masked, files by name and size, other text as it is. */
export async function readRecordedBody(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type") ?? "";
  if (type.startsWith("multipart/form-data")) {
    const form = await request.formData().catch(() => null);
    if (form === null) return null;
    return maskCredentials(Object.fromEntries(
      [...form].map(([name, value]) => [
        name,
        typeof value === "string" ? value : `${value.name} (${value.size} bytes)`,
      ]),
    ));
  }
  const text = await request.text();
  if (text === "") return null;
  if (type.startsWith("application/x-www-form-urlencoded")) {
    return maskCredentials(Object.fromEntries(new URLSearchParams(text)));
  }
  try {
    return maskCredentials(JSON.parse(text));
  } catch {
    return text;
  }
}
