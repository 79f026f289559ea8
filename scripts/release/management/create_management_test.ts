import assert from "node:assert/strict";
import { ReleaseError } from "../release_error.ts";
import { createManagement } from "./create_management.ts";

const REF = "abcdefghijklmnopqrst";
const TOKEN = `sbp_${"a1".repeat(20)}`;

function answering(...answers: (Response | Error)[]) {
  const requests: Request[] = [];
  const management = createManagement(
    { accessToken: TOKEN, apiUrl: "http://127.0.0.1:9/", retryMilliseconds: 0 },
    (input, init) => {
      requests.push(new Request(input as string, init));
      const answer = answers.shift() ?? new Error("asked once too often");
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  );
  return { management, requests };
}

Deno.test("reads what a release needs of each answer, and shows the token as the API wants it", async () => {
  const { management, requests } = answering(
    Response.json({
      id: REF,
      name: "shop",
      region: "eu-central-1",
      status: "ACTIVE_HEALTHY",
      database: { host: "db", version: "17.4.1.054" },
      created_at: "2026-01-01T00:00:00Z",
    }),
    Response.json([{ slug: "ops", version: 3, status: "ACTIVE", updated_at: 1_750_000_000_000 }]),
    Response.json([{ name: "CREDENTIAL_KEYS", value: "ab12" }]),
    Response.json({
      pitr_enabled: true,
      backups: [
        { status: "COMPLETED", inserted_at: "2026-11-20T03:00:00.000Z" },
        { status: "FAILED", inserted_at: "2026-11-21T03:00:00.000Z" },
      ],
      physical_backup_data: { latest_physical_backup_date_unix: 1_795_000_000 },
    }),
  );
  assert.deepEqual(await management.readProject(REF), {
    ref: REF,
    name: "shop",
    region: "eu-central-1",
    status: "ACTIVE_HEALTHY",
    databaseVersion: "17.4.1.054",
  });
  assert.deepEqual(await management.listFunctions(REF), [{
    slug: "ops",
    version: 3,
    status: "ACTIVE",
    verifyJwt: true,
    updatedAt: "2025-06-15T15:06:40.000Z",
  }]);
  assert.deepEqual(await management.listSecretNames(REF), ["CREDENTIAL_KEYS"]);
  assert.deepEqual(await management.listBackups(REF), {
    pointInTime: true,
    completedAt: ["2026-11-20T03:00:00.000Z", "2026-11-18T11:06:40.000Z"].sort().reverse(),
  });
  assert.deepEqual(
    requests.map(({ method, url }) => `${method} ${new URL(url).pathname}`),
    ["", "/functions", "/secrets", "/database/backups"]
      .map((path) => `GET /v1/projects/${REF}${path}`),
  );
  assert.ok(requests.every(({ headers }) => headers.get("authorization") === `Bearer ${TOKEN}`));
});

Deno.test("each refusal has its code, and none tells the token", async (test) => {
  const page = () => new Response(`<html>${TOKEN}</html>`, { status: 502 });
  const cases = [
    ["the token", [Response.json({ message: "Unauthorized" }, { status: 401 })], "unauthorized"],
    ["not found", [Response.json({ message: "none" }, { status: 404 })], "not_found"],
    ["refused", [Response.json({ message: `no ${TOKEN}` }, { status: 400 })], "refused"],
    ["three failures", [page(), page(), page()], "unreachable"],
    ["silence", [new Error("refused"), new Error("refused"), new Error("refused")], "unreachable"],
    ["another answer", [{}, {}, {}].map((body) => Response.json(body)), "unreachable"],
  ] as const;
  for (const [name, answers, code] of cases) {
    await test.step(name, async () => {
      const { management, requests } = answering(...answers);
      await assert.rejects(management.listFunctions(REF), (error) => {
        assert.ok(error instanceof ReleaseError);
        assert.equal(error.code, code);
        assert.match(error.message, /^Cannot list the functions of "abc.+": \S/);
        assert.doesNotMatch(error.message, new RegExp(TOKEN));
        return true;
      });
      assert.equal(requests.length, answers.length);
    });
  }
});

Deno.test("a passing failure of what only reads is tried again, of what changes isn't", async () => {
  const failure = () => Response.json({ message: "boom" }, { status: 500 });
  const reading = answering(failure(), Response.json([]));
  assert.deepEqual(await reading.management.listFunctions(REF), []);

  const deleting = answering(failure());
  await assert.rejects(
    deleting.management.deleteFunction(REF, "ops"),
    { message: 'Cannot delete the function "ops": answered 500 boom' },
  );
  assert.equal(deleting.requests.length, 1);
  assert.equal(deleting.requests[0]?.method, "DELETE");
});

Deno.test("a query goes to the database as it is", async () => {
  const { management, requests } = answering(Response.json([{ one: 1 }], { status: 201 }));
  assert.deepEqual(await management.queryDatabase(REF, "select 1 as one", { readOnly: true }), [
    { one: 1 },
  ]);
  assert.deepEqual(await requests[0]?.json(), { query: "select 1 as one", read_only: true });
});

Deno.test("a bundle is asked for as the CLI does, and nothing of it goes live", async () => {
  const { management, requests } = answering(Response.json({}, { status: 201 }));
  const entrypoint = "supabase/functions/jobs/index.ts";
  const files = new Map([[entrypoint, new TextEncoder().encode("// jobs")]]);
  await management.bundleFunction(REF, "jobs", {
    entrypoint,
    importMap: null,
    verifyJwt: true,
    files,
  });
  const [request] = requests;
  const { pathname, searchParams } = new URL(request!.url);
  assert.equal(pathname, `/v1/projects/${REF}/functions/deploy`);
  assert.deepEqual(Object.fromEntries(searchParams), { slug: "jobs", bundleOnly: "true" });
  const form = await request!.formData();
  assert.deepEqual(JSON.parse(String(form.get("metadata"))), {
    name: "jobs",
    entrypoint_path: entrypoint,
    verify_jwt: true,
  });
  const file = form.get("file") as File;
  assert.deepEqual([file.name, await file.text()], [entrypoint, "// jobs"]);
});

Deno.test("of what is live it is known as what it was uploaded", async () => {
  const source = "file:///tmp/user_fn_abc_1/source/";
  const row = { slug: "jobs", version: 1, status: "ACTIVE", updated_at: 0 };
  const { management } = answering(
    Response.json([
      {
        ...row,
        entrypoint_path: `${source}supabase/functions/jobs/index.ts`,
        import_map_path: `${source}import_map.json`,
      },
      { ...row, entrypoint_path: "file:///src/index.ts", import_map_path: null },
    ]),
  );
  const [one, other] = await management.listFunctions(REF);
  assert.equal(one?.entrypoint, "supabase/functions/jobs/index.ts");
  assert.equal(one?.importMap, "import_map.json");
  assert.deepEqual([other?.entrypoint, other?.importMap], [undefined, undefined]);
});
