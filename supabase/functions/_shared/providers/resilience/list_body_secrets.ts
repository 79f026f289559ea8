/**
 * The secrets that a request carries in its body, which a refusal may echo: an account's token and
 * whatever is given to be sent along as a header.
 */
export function listBodySecrets(body: unknown): string[] {
  if (typeof body !== "object" || body === null) return [];
  if (Array.isArray(body)) return body.flatMap(listBodySecrets);
  return Object.entries(body).flatMap(([name, value]) =>
    name === "headers" || name === "twilioAuthToken" ? listTexts(value) : listBodySecrets(value)
  );
}

function listTexts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(listTexts) : [];
}
