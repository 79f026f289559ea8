import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import * as z from "zod";
import { createDatabase } from "../supabase/functions/_shared/providers/supabase/create_database.ts";
import { fitProduct, type Source } from "./importing/fit_product.ts";
import { createImportStore, type ImportStore } from "./importing/import_store.ts";
import { type Mapping, parseMapping } from "./importing/mapping.ts";
import { type Product, PRODUCTS } from "./importing/products.ts";
import { previewImport, runImport, showMapping, showStatus } from "./importing/run_import.ts";
import { printError, printLine } from "./local/print_line.ts";
import { readProject } from "./read_project.ts";

const HELP =
  `Takes the listings of an older product over into the unified tables. Without --confirm it shows
what would become of every row, and does nothing.

  deno run -A scripts/import_listings.ts --org <id> (--product <name> | --mapping <file>)
      [--relation <schema.table>] [--confirm] [--restart] [--limit <rows>] [--json]
  deno run -A scripts/import_listings.ts --org <id> --status

  --org        the organization they are for
  --product    ${
    Object.keys(PRODUCTS).join(", ")
  }: its table and columns are found by their usual names
  --mapping    or a JSON file that names them (scripts/importing/mapping.ts says what is in it)
  --relation   another table than the usual one
  --confirm    do it
  --restart    begin with the first row again, and where the mapping has changed meanwhile
  --limit      rows of a page, each of which is one transaction; 200, at most 1000
  --status     what has been imported so far, and how many rows were refused why
  --json       the mapping that --product has found, to be changed and given back with --mapping

The older table is only read. Each row is taken once, however often this is run and by how many at
once; cut off, it goes on where it was. Run again it takes over what is new and what has changed
there since, unless it was changed or deleted here later. What can't be taken is kept with its
reason in imported_listings. Reads SUPABASE_URL and SUPABASE_SECRET_KEYS (or
SUPABASE_SERVICE_ROLE_KEY).
`;

type Surroundings = { print: (line: string) => void; read?: (name: string) => string | undefined };

/** Does what the arguments say. Throws one clear sentence. */
export async function importListings(
  args: string[],
  { print, read = (name) => Deno.env.get(name) }: Surroundings,
): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      org: { type: "string" },
      product: { type: "string" },
      mapping: { type: "string" },
      relation: { type: "string" },
      limit: { type: "string", default: "200" },
      confirm: { type: "boolean", default: false },
      restart: { type: "boolean", default: false },
      status: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return print(HELP.trimEnd());
  const { org: orgId, relation } = values;
  if (orgId === undefined || !z.guid().safeParse(orgId).success) {
    throw new Error("Cannot import listings: --org is an organization's id (see --help)");
  }
  const limit = Number(values.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
    throw new Error(`Cannot import "${values.limit}" rows at once: --limit is 1 to 1000`);
  }
  if (!values.status && (values.product === undefined) === (values.mapping === undefined)) {
    throw new Error("Cannot import listings: give --product or --mapping (see --help)");
  }
  const store = openStore(read);
  if (values.status) {
    return (await store.readStatus(orgId)).forEach((one) => showStatus(one, print));
  }

  const { mapping, source } = await readMapping(store, {
    product: values.product,
    path: values.mapping,
    relation,
  });
  if (values.json) return print(JSON.stringify(mapping, null, 2));
  showMapping(mapping, source, print);
  if (!values.confirm) return await previewImport(store, { orgId, mapping, limit, print });
  await runImport(store, { orgId, mapping, limit, print, restart: values.restart });
}

function openStore(read: (name: string) => string | undefined): ImportStore {
  return createImportStore(createDatabase({
    ...readProject(read),
    // Longer than the database lets a statement run.
    timeoutMilliseconds: 15_000,
  }));
}

async function readMapping(
  store: ImportStore,
  { product: name, path, relation }: {
    product: string | undefined;
    path: string | undefined;
    relation: string | undefined;
  },
): Promise<{ mapping: Mapping; source: Source }> {
  if (path !== undefined) {
    const text = await readFile(path, "utf8").catch((error) => {
      throw new Error(`Cannot read the mapping "${path}": ${error.message}`);
    });
    const mapping = parseMapping(text, path);
    if (relation !== undefined) mapping.relation = relation;
    const source = await store.describe(mapping.relation);
    if (source === null) {
      throw new Error(`Cannot import "${mapping.relation}": there is no such table`);
    }
    return { mapping, source };
  }
  const products: Record<string, Product> = PRODUCTS;
  const product = products[name ?? ""];
  if (product === undefined) {
    throw new Error(
      `Cannot import "${name}": known products are ${Object.keys(products).join(", ")}`,
    );
  }
  const candidates = relation === undefined ? product.relations : [relation];
  let refusal: unknown;
  for (const candidate of candidates) {
    try {
      const source = await store.describe(candidate);
      if (source !== null) return { mapping: fitProduct(product, source), source };
    } catch (error) {
      // Of several names one may be a view of ours, and another the table.
      refusal ??= error;
    }
  }
  throw refusal ?? new Error(`Cannot import "${name}": there is no table ${candidates.join(", ")}`);
}

if (import.meta.main) {
  try {
    await importListings(Deno.args, { print: printLine });
  } catch (error) {
    printError((error as Error).message);
    Deno.exit(1);
  }
}
