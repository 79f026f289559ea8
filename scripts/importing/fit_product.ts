import type { Mapping } from "./mapping.ts";
import { CONTACTS, KEYS, type Product, SIDES, STATES } from "./products.ts";

export type Source = {
  source: string;
  columns: { name: string; type: string }[];
  keys: string[];
  rows: number;
};

/**
 * The mapping of a known product to the table as it is: of each list the first column that is there.
 *
 * @throws Error that names what is missing: a key, a title, or whom a row is of.
 */
export function fitProduct(product: Product, source: Source): Mapping {
  const names = source.columns.map(({ name }) => name);
  const find = (candidates: string[], wanted?: (type: string) => boolean) =>
    candidates.find((candidate) =>
      source.columns.some(({ name, type }) =>
        name === candidate && (wanted === undefined || wanted(type))
      )
    );
  const refuse = (what: string, candidates: string[]) =>
    new Error(
      `Cannot map "${source.source}": ${what} of ${candidates.join(", ")}; ` +
        `it has ${names.join(", ")}. Say which with --mapping`,
    );

  const key = KEYS.find((candidate) => source.keys.includes(candidate)) ?? source.keys[0];
  if (key === undefined) throw refuse("no column is unique and never null, which a key is", KEYS);
  const contact = find(CONTACTS.contact);
  if (contact === undefined) {
    throw refuse("no telephone number says whose a row is, none", CONTACTS.contact);
  }
  const columns = fit(
    product.columns,
    (candidates, target) =>
      find(candidates, target === "attributes" ? (type) => type.startsWith("json") : undefined),
  );
  const { title, latitude, longitude } = columns;
  if (title === undefined) throw refuse("it has no title, none", product.columns.title ?? []);
  // One without the other is no place.
  if (latitude === undefined || longitude === undefined) {
    delete columns.latitude;
    delete columns.longitude;
  }
  const contactName = find(CONTACTS.contact_name);
  const updatedAt = find(CONTACTS.updated_at);
  return {
    relation: source.source,
    key,
    domain: product.domain,
    ...(product.side === undefined ? {} : { side: product.side }),
    contact,
    ...(contactName === undefined ? {} : { contact_name: contactName }),
    ...(updatedAt === undefined ? {} : { updated_at: updatedAt }),
    columns,
    attributes: Object.fromEntries(
      Object.entries(fit<string>(product.attributes, (candidates) => find(candidates)))
        .filter((pair): pair is [string, string] => pair[1] !== undefined),
    ),
    states: STATES,
    sides: SIDES,
  };
}

function fit<Name extends string>(
  wanted: Partial<Record<Name, string[]>>,
  find: (candidates: string[], name: Name) => string | undefined,
): Partial<Record<Name, string>> {
  const found: Partial<Record<Name, string>> = {};
  for (const [name, candidates] of Object.entries(wanted) as [Name, string[]][]) {
    const column = find(candidates, name);
    if (column !== undefined) found[name] = column;
  }
  return found;
}

/** Columns of the table that a mapping leaves behind. */
export function listLeftOut(mapping: Mapping, source: Source): string[] {
  const read = new Set([
    mapping.key,
    mapping.org_id,
    mapping.contact,
    mapping.contact_name,
    mapping.updated_at,
    ...Object.values(mapping.columns),
    ...Object.values(mapping.attributes ?? {}),
  ]);
  return source.columns.map(({ name }) => name).filter((name) => !read.has(name));
}
