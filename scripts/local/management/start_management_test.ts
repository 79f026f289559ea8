import assert from "node:assert/strict";
import { findFunctionDeno } from "../find_binary.ts";
import { openProcessRegistry } from "../process_registry.ts";
import { REPOSITORY } from "../repository.ts";
import { type Management, startManagement } from "./start_management.ts";

const ENTRY = "supabase/functions/greet/index.ts";
const greeting = (word: string) => `Deno.serve(() => new Response("${word}"));`;

type Upload = {
  slug?: string;
  files?: Record<string, string>;
  query?: string;
  verify_jwt?: boolean;
};

type Project = Management & {
  call(method: string, path: string, init?: RequestInit): Promise<Response>;
  upload(upload?: Upload): Promise<{ status: number; body: Record<string, unknown> }>;
  ask(slug?: string): Promise<{ status: number; text: string }>;
};

/** An empty project with a host of its own, for as long as the test runs. */
async function withProject(use: (project: Project) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const registry = await openProcessRegistry(folder);
  const management = await startManagement({
    folder,
    databaseUrl: "postgres://nobody@127.0.0.1:1/none",
    projectUrl: "http://127.0.0.1:1",
    platform: {},
    deno: (await findFunctionDeno()).path,
    registry,
    tokens: { publicJwk: {}, legacyJwtSecret: "legacy" },
  });
  const { apiUrl, ref, accessToken, functionsUrl } = management;
  const call = (method: string, path: string, init: RequestInit = {}) =>
    fetch(`${apiUrl}/v1/projects/${ref}${path}`, {
      method,
      headers: { authorization: `Bearer ${accessToken}` },
      ...init,
    });
  try {
    await use({
      ...management,
      call,
      async upload({ slug = "greet", files = { [ENTRY]: greeting("hello") }, ...rest } = {}) {
        const form = new FormData();
        for (const [path, text] of Object.entries(files)) {
          form.append("file", new File([text], path));
        }
        const metadata = { entrypoint_path: ENTRY, verify_jwt: rest.verify_jwt ?? false };
        form.append("metadata", JSON.stringify(metadata));
        const path = `/functions/deploy?slug=${slug}${rest.query ?? ""}`;
        const response = await call("POST", path, { body: form });
        return { status: response.status, body: await response.json() };
      },
      async ask(slug = "greet") {
        const response = await fetch(`${functionsUrl}/${slug}/any?thing=1`);
        return { status: response.status, text: await response.text() };
      },
    });
  } finally {
    await management.stop();
    await registry.close();
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("without its token nobody is let in, and no other project is shown", async () => {
  await withProject(async ({ apiUrl, ref, accessToken }) => {
    const statusOf = async (path: string, token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(`${apiUrl}${path}`, { headers });
      await response.body?.cancel();
      return response.status;
    };
    assert.equal(await statusOf(`/v1/projects/${ref}`, accessToken), 200);
    for (const path of [`/v1/projects/${ref}`, `/v1/projects/${ref}/secrets`, "/v1/projects"]) {
      assert.equal(await statusOf(path, "sbp_other"), 401);
    }
    assert.equal(await statusOf(`/v1/projects/${"z".repeat(20)}`, accessToken), 404);
    assert.equal(await statusOf(`/v1/projects/${"z".repeat(20)}/functions`, accessToken), 404);
    assert.equal(await statusOf("/v1/projects/SHORT/functions", accessToken), 400);
    assert.equal(await statusOf(`/v1/projects/${ref}/nothing`, accessToken), 404);
  });
});

Deno.test("a version counts up with a change and not without one", async () => {
  await withProject(async ({ upload, ask }) => {
    const first = await upload();
    assert.deepEqual([first.status, first.body["version"]], [201, 1]);
    assert.deepEqual(await ask(), { status: 200, text: "hello" });
    assert.equal((await upload()).body["version"], 1);
    const changed = await upload({ files: { [ENTRY]: greeting("again") } });
    assert.deepEqual([changed.body["version"], changed.body["id"]], [2, first.body["id"]]);
    assert.deepEqual(await ask(), { status: 200, text: "again" });
    assert.equal(
      (await upload({ verify_jwt: true, files: { [ENTRY]: greeting("again") } }))
        .body["version"],
      3,
    );
  });
});

Deno.test("what is only bundled serves once the bulk update names it, all or none", async () => {
  await withProject(async ({ upload, ask, call }) => {
    const bulk = async (rows: unknown) => {
      const response = await call("PUT", "/functions", { body: JSON.stringify(rows) });
      await response.body?.cancel();
      return response.status;
    };
    const { body } = await upload({ query: "&bundleOnly=true" });
    assert.equal((await ask()).status, 404);
    assert.equal(await bulk([body, { ...body, slug: "other", version: 7 }]), 400);
    assert.equal((await ask()).status, 404);
    assert.equal(await bulk([{ ...body, version: "1" }]), 400);
    assert.equal(await bulk([body]), 200);
    assert.deepEqual(await ask(), { status: 200, text: "hello" });
  });
});

Deno.test("code that isn't complete is refused, and what is live goes on", async () => {
  await withProject(async ({ upload, ask }) => {
    await upload();
    const outside = `${REPOSITORY}/supabase/functions/_shared/version.ts`;
    for (
      const code of [
        'import "./missing.ts";',
        'export const later = () => import("./missing.ts");',
        'import "../../../../../../etc/missing.ts";',
        "this is no code",
      ]
    ) {
      const { status, body } = await upload({ files: { [ENTRY]: code } });
      assert.equal(status, 400, code);
      assert.match(String(body["message"]), /^Failed to bundle the function \(reason: /);
      assert.equal(String(body["message"]).includes(REPOSITORY), false);
    }
    assert.equal((await upload({ slug: "9lives" })).status, 400);
    assert.deepEqual(await ask(), { status: 200, text: "hello" });

    // The checkout is there, and its files can't be read.
    const spy = `Deno.serve(() => new Response(Deno.readTextFileSync("${outside}")));`;
    await upload({ slug: "spy", files: { [ENTRY]: spy } });
    assert.equal((await ask("spy")).status, 500);
  });
});

Deno.test("what doesn't boot is live and down, and the next version cures it", async () => {
  await withProject(async ({ upload, ask, call }) => {
    await upload();
    assert.equal((await ask()).status, 200);
    const broken = await upload({ files: { [ENTRY]: 'throw new Error("at boot");' } });
    assert.equal(broken.status, 201);
    const { status, text } = await ask();
    assert.deepEqual([status, JSON.parse(text).code], [503, "BOOT_ERROR"]);
    await upload({ files: { [ENTRY]: greeting("cured") } });
    assert.deepEqual(await ask(), { status: 200, text: "cured" });
    assert.equal((await call("DELETE", "/functions/greet")).status, 200);
    assert.equal((await ask()).status, 404);
    assert.equal((await call("DELETE", "/functions/greet")).status, 404);
  });
});

Deno.test("a request that was under way ends where it began", async () => {
  const slow = (word: string) =>
    `let seen = 0;
     Deno.serve(async (request) => {
       if (new URL(request.url).pathname.endsWith("/seen")) return new Response(String(seen));
       seen += 1;
       await new Promise((resolve) => setTimeout(resolve, 400));
       return new Response("${word}");
     });`;
  await withProject(async ({ upload, ask, functionsUrl }) => {
    await upload({ files: { [ENTRY]: slow("old") } });
    await fetch(`${functionsUrl}/greet/seen`).then((response) => response.text());
    const underWay = ask();
    while (await fetch(`${functionsUrl}/greet/seen`).then((answer) => answer.text()) === "0");
    await upload({ files: { [ENTRY]: slow("new") } });
    assert.deepEqual(await ask(), { status: 200, text: "new" });
    assert.deepEqual(await underWay, { status: 200, text: "old" });
  });
});

Deno.test("a secret reaches the next request, a function that ended is booted again", async () => {
  const code = `Deno.serve((request) => {
    if (request.url.includes("thing")) return new Response(Deno.env.get("WORD") ?? "none");
    Deno.exit(1);
  });`;
  await withProject(async ({ upload, ask, call, functionsUrl, state }) => {
    await upload({ files: { [ENTRY]: code } });
    assert.equal((await ask()).text, "none");
    const set = (name: string) =>
      call("POST", "/secrets", { body: JSON.stringify([{ name, value: "x" }]) });
    assert.equal((await set("SUPABASE_WORD")).status, 400);
    assert.equal((await set("WORD")).status, 201);
    assert.equal((await ask()).text, "x");
    const { pid } = state.processes()["greet"] ?? { pid: 0 };
    const crash = await fetch(`${functionsUrl}/greet/crash`);
    await crash.body?.cancel();
    assert.ok(crash.status >= 500);
    while (state.processes()["greet"]?.pid === pid) await new Promise((go) => setTimeout(go, 5));
    assert.equal((await ask()).text, "x");
    const gone = await call("DELETE", "/secrets", { body: JSON.stringify(["WORD"]) });
    assert.equal(gone.status, 200);
    assert.equal((await ask()).text, "none");
  });
});

Deno.test("where a function leaves tokens to the platform, none gets in without", async () => {
  await withProject(async ({ upload, ask }) => {
    await upload({ verify_jwt: true });
    assert.equal((await ask()).status, 401);
  });
});

Deno.test("a planted fault strikes; one that strikes when it is done leaves the work done", async () => {
  await withProject(async ({ upload, fail, clearFaults, state }) => {
    const path = "/v1/projects/*/functions/deploy";
    fail({ path, status: 503, times: 1 });
    assert.equal((await upload()).status, 503);
    assert.equal(state.functions().length, 0);
    fail({ path, status: 502, moment: "done" });
    assert.equal((await upload()).status, 502);
    assert.equal(state.functions().length, 1);
    clearFaults();
    assert.equal((await upload()).status, 201);
    fail({ path, status: "drop" });
    await assert.rejects(() => upload());
    assert.deepEqual(state.requests.map(({ status }) => status), [503, 502, 201, 0]);
  });
});
