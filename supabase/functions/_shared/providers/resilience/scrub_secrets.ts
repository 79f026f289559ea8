const LONGEST_REASON = 500;

/**
 * A provider's words without the credentials that the request was made with (in plain, URL-encoded
 * and base64 form), cut to 500 characters.
 */
export function scrubSecrets(text: string, secrets: string[]): string {
  const forms = secrets.filter((secret) => secret.length >= 4)
    .flatMap((secret) => [secret, encodeURIComponent(secret), toBase64(secret)]);
  // The longest first, or a secret that contains another would leave its rest behind.
  forms.sort((left, right) => right.length - left.length);
  const scrubbed = forms.reduce((rest, form) => rest.replaceAll(form, "[redacted]"), text);
  return scrubbed.length > LONGEST_REASON ? `${scrubbed.slice(0, LONGEST_REASON)}…` : scrubbed;
}

function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
