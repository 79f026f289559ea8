import assert from "node:assert/strict";
import { fitProduct, listLeftOut, type Source } from "./fit_product.ts";
import { mappingSchema, parseMapping } from "./mapping.ts";
import { PRODUCTS } from "./products.ts";

function table(columns: string, keys = ["id"]): Source {
  return {
    source: "public.listings",
    columns: columns.split(" ").map((column) => {
      const [name = "", type = "text"] = column.split(":");
      return { name, type };
    }),
    keys,
    rows: 3,
  };
}

Deno.test("finds the columns of a known product by their usual names", () => {
  const source = table(
    "id name location price seller_phone status images metadata:jsonb updated_at",
  );
  const mapping = fitProduct(PRODUCTS.marketplace, source);
  assert.deepEqual(mapping.columns, {
    title: "name",
    price: "price",
    place_name: "location",
    state: "status",
    attributes: "metadata",
  });
  assert.deepEqual(
    [mapping.key, mapping.contact, mapping.updated_at, mapping.domain],
    ["id", "seller_phone", "updated_at", "marketplace"],
  );
  assert.deepEqual(listLeftOut(mapping, source), ["images"]);
});

Deno.test("whatever it finds is a mapping as a file may have it", () => {
  for (const product of Object.values(PRODUCTS)) {
    const every = [
      ...Object.values(product.columns).flat(),
      ...Object.values(product.attributes).flat(),
      "id",
      "owner_phone",
      "owner_name",
    ];
    const mapping = fitProduct(product, table([...new Set(every)].join(" ")));
    assert.deepEqual(mappingSchema.parse(mapping), mapping);
  }
});

const CASES: [name: string, source: Source, product: keyof typeof PRODUCTS, expected: RegExp][] = [
  ["no key", table("id title phone", []), "jobs", /unique and never null/],
  ["nobody's", table("id title"), "jobs", /telephone number .* seller_phone.*it has id, title/],
  ["no title", table("id phone price"), "property", /no title, none of title, name/],
];
for (const [name, source, product, expected] of CASES) {
  Deno.test(`a table is refused with what it lacks: ${name}`, () => {
    assert.throws(() => fitProduct(PRODUCTS[product], source), expected);
  });
}

Deno.test("half a place is none, and attributes that are no JSON are none", () => {
  const { columns } = fitProduct(PRODUCTS.jobs, table("id title phone latitude metadata"));
  assert.deepEqual(columns, { title: "title" });
});

Deno.test("a mapping's mistakes are named", () => {
  const wrong: [text: string, expected: RegExp][] = [
    ["{", /Cannot read the mapping "m.json"/],
    [`{"relation": "listings"}`, /no <schema>\.<table>/],
    [
      `{"relation": "a.b", "key": "id", "domain": "jobs", "columns": {"price": "p"}}`,
      /has no title/,
    ],
    [
      `{"relation": "a.b", "key": "id", "domain": "jobs", "columns": {"title": "t"}, "colour": 1}`,
      /colour/,
    ],
  ];
  for (const [text, expected] of wrong) assert.throws(() => parseMapping(text, "m.json"), expected);
});
