import assert from "node:assert/strict";
import { serveAnswers } from "../tests/http/serve_answers.ts";
import { importListings } from "./import_listings.ts";

const ORG = "11111111-1111-4111-8111-111111111111";
const described = {
  code: "described",
  source: "public.jobs",
  columns: ["id", "title", "phone"].map((name) => ({ name, type: "text" })),
  keys: ["id"],
  rows: 2,
};
const page = {
  counts: { read: 2, imported: 1, refused: 1 },
  last_key: "b",
  refusals: [{ key: "b", reason: "title_missing" }],
};

async function run(args: string[], ...bodies: unknown[]) {
  await using server = serveAnswers(...bodies.map((body) => ({ status: 200, body })));
  const environment: Record<string, string> = {
    SUPABASE_URL: server.url,
    SUPABASE_SECRET_KEYS: `{"default": "sb_secret_local_demo_key"}`,
  };
  const lines: string[] = [];
  const failure = await importListings(args, {
    read: (name) => environment[name],
    print: (line) => lines.push(line),
  }).then(() => null, (error: Error) => error.message);
  const called = server.received.map(({ path }) => path.replace(/^.*\/rpc\/|\?.*$/g, ""));
  return { text: lines.join("\n"), failure, called };
}

Deno.test("shows what would be, and does nothing", async () => {
  const { text, failure, called } = await run(
    ["--org", ORG, "--product", "jobs"],
    { code: "not_found" },
    described,
    { code: "previewed", is_last: true, ...page },
  );
  assert.equal(failure, null);
  assert.deepEqual(called.slice(2), ["preview_listings_page"]);
  assert.match(text, /public\.jobs \(about 2 rows\) → listings of jobs/);
  assert.match(text, /refused b: title_missing/);
  assert.match(text, /would be: 2 read, 1 imported, 1 refused\nNothing was done/);
});

Deno.test("--confirm goes page by page to the end", async () => {
  const { text, called } = await run(
    ["--org", ORG, "--product", "jobs", "--relation", "public.jobs", "--confirm"],
    described,
    {
      code: "begun",
      source: "public.jobs",
      pass: 1,
      is_resumed: true,
      last_key: "a",
      counts: {},
    },
    { code: "imported", state: "started", ...page },
    { code: "imported", state: "completed", ...page },
  );
  assert.match(text, /goes on behind "a"/);
  assert.match(text, /completed pass 1 of public\.jobs$/);
  assert.equal(called.filter((name) => name === "import_listings_page").length, 2);
});

Deno.test("refusals of the database are sentences", async () => {
  const view = { code: "not_a_table", kind: "view" };
  const only = ["--org", ORG, "--product", "jobs", "--relation", "public.jobs"];
  assert.match((await run(only, view)).failure ?? "", /"public\.jobs": it is a view; .*unified/);
  const missing = { code: "columns_missing", columns: ["phone"] };
  assert.match((await run(only, described, missing)).failure ?? "", /it has no column "phone"/);
});

Deno.test("asks for what it needs", async () => {
  for (
    const [args, expected] of [
      [["--product", "jobs"], /--org/],
      [["--org", ORG], /--product or --mapping/],
      [["--org", ORG, "--product", "cars"], /known products are marketplace/],
      [["--org", ORG, "--product", "jobs", "--limit", "0"], /--limit is 1 to 1000/],
    ] as const
  ) {
    assert.match((await run([...args])).failure ?? "", expected);
  }
  assert.match((await run(["--help"])).text, /--confirm/);
});
