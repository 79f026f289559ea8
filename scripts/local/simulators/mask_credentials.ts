const SECRET_NAME = /token|secret|password|api_?key|authorization|^keys?$/i;

/** Shows a secret by its last four characters, and a short one not at all. */
export function maskText(secret: string): string {
  return secret.length < 12 ? "***" : `***${secret.slice(-4)}`;
}

/**
 * A copy of a JSON value in which every credential is masked: strings under a telling name, and
 * every value of `headers`. What remains keeps its type, so that it can be checked against a schema.
 */
export function maskCredentials(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskCredentials);
  if (value === null || typeof value !== "object") return value;
  const masked: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (name === "headers") masked[name] = maskStrings(member);
    else if (SECRET_NAME.test(name)) masked[name] = maskStrings(member);
    else masked[name] = maskCredentials(member);
  }
  return masked;
}

function maskStrings(value: unknown): unknown {
  if (typeof value === "string") return maskText(value);
  if (Array.isArray(value)) return value.map(maskStrings);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, maskStrings(member)]),
  );
}
