import { deepEqual, equal } from "node:assert/strict";
import { callFunction } from "../support/call_function.ts";
import { createTenant } from "../support/create_tenant.ts";
import { queryDatabase } from "../support/query_database.ts";
import { readStack } from "../support/read_stack.ts";

type Found = { mode: string; results: { title: string }[] };

const tenant = await createTenant();
const other = await createTenant();
const { token } = tenant.owner;
const [{ vectors } = { vectors: false }] = await queryDatabase<{ vectors: boolean }>(
  "select to_regclass('private.knowledge_base_vectors') is not null as vectors",
);

async function ask(query: string, as = token): Promise<Found> {
  const { status, body, text } = await callFunction<Found>("kb-sync/search", {
    token: as,
    body: { query },
  });
  equal(status, 200, text);
  return body;
}

/** Until every document of the organization has its vectors, by as many runs as that takes. */
async function embedEverything(): Promise<void> {
  const deadline = performance.now() + 120_000;
  for (;;) {
    const [row] = await queryDatabase<{ waiting: number }>(
      `select count(*)::int as waiting from public.knowledge_base
       where org_id = $1::text::uuid and embedding_status = 'queued'`,
      [tenant.orgId],
    );
    if (row?.waiting === 0) return;
    if (performance.now() > deadline) throw new Error("The documents were never embedded");
    const { status, text } = await callFunction("worker/run", {
      apiKey: readStack().secret_key,
      body: { kind: "embed_knowledge" },
    });
    equal(status, 202, text);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** On either engine: by its words alone where there is no pgvector, and the answer says so. */
Deno.test("what is known is found by its words, and by its meaning where there are vectors", async (test) => {
  const ids = new Map<string, string>();
  const create = async (title: string, text: string, as = token) => {
    const { status, body } = await callFunction<{ document: { id: string } }>("kb-sync/documents", {
      token: as,
      body: { title, text },
    });
    equal(status, 201, JSON.stringify(body));
    ids.set(title, body.document.id);
  };
  await create("Parking", "Cars stand behind the house.");
  await create("Opening hours", "We open at nine on weekdays and at ten on Sunday.");
  await create("Stalls", "Cars are loaded at the gate.", other.owner.token);
  await embedEverything();

  await test.step("a question finds what it is about", async () => {
    const found = await ask("What time do you open on Sunday?");
    equal(found.results[0]?.title, "Opening hours");
    equal(found.mode, vectors ? "hybrid" : "text");
  });
  await test.step("nothing of another organization is found, however near", async () => {
    const found = await ask("cars loaded at the gate");
    equal(found.results.some(({ title }) => title === "Stalls"), false);
  });
  await test.step("changed, the old text is never found again", async () => {
    const { status, text } = await callFunction(`kb-sync/documents/${ids.get("Parking")}`, {
      method: "PATCH",
      token,
      body: { text: "Bicycles stand in the yard." },
    });
    equal(status, 200, text);
    for (const embedded of [false, true]) {
      if (embedded) await embedEverything();
      const chunks = await queryDatabase<{ content: string }>(
        "select content from public.knowledge_base_chunks where document_id = $1::text::uuid",
        [ids.get("Parking")],
      );
      deepEqual(chunks, [{ content: "Bicycles stand in the yard." }]);
      equal((await ask("bicycles")).results[0]?.title, "Parking");
    }
  });
  await test.step("deleted, it is gone with its vectors", async () => {
    for (const title of ["Parking", "Opening hours"]) {
      await callFunction(`kb-sync/documents/${ids.get(title)}`, { method: "DELETE", token });
    }
    deepEqual((await ask("bicycles open Sunday")).results, []);
    if (!vectors) return;
    const left = await queryDatabase(
      "select 1 from private.knowledge_base_vectors where org_id = $1::text::uuid",
      [tenant.orgId],
    );
    deepEqual(left, []);
  });
});
