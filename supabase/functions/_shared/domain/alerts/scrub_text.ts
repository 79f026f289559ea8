/** Ids and dates are digits and dashes too, and tell nothing about a person. */
const KEPT = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\d(?:T[\d:.]+)?/;
const PHONE = /(?<![\w.])\+?\d(?:[\s().-]{0,2}\d){7,}(?![\w])/;
const EMAIL = /[^\s@<>"'()]+@[^\s@<>"'()]+\.[a-z]{2,}/;
const KNOWN = new RegExp(`(${KEPT.source})|(${EMAIL.source})|${PHONE.source}`, "gi");

/** A text without telephone numbers (eight digits or more, however they are grouped) and addresses of e-mail. */
export function scrubText(text: string): string {
  return text.replace(KNOWN, (found, kept: string | undefined, email: string | undefined) => {
    if (kept !== undefined) return found;
    return email === undefined ? "[number]" : "[email]";
  });
}
