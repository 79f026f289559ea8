/**
 * JSON that is the same text for the same data: keys sorted by code unit, members that are
 * undefined left out. Hashes are made of it.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_, member) =>
      typeof member === "object" && member !== null && !Array.isArray(member)
        ? Object.fromEntries(
          Object.entries(member).sort(([left], [right]) =>
            left < right ? -1 : left > right ? 1 : 0
          ),
        )
        : member,
  );
}
