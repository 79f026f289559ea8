import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkSource, type KnownPackages } from "./boundaries/check_source.ts";
import { listSources, ROOT } from "./boundaries/list_sources.ts";
import { reachFiles, reachPackages } from "./boundaries/reach_packages.ts";

const S = "supabase/functions/_shared";

async function readJson(path: string) {
  return JSON.parse(await readFile(join(ROOT, path), "utf8"));
}

const known: KnownPackages = {
  shipped: Object.keys((await readJson(`${S}/import_map.json`)).imports),
  tools: Object.keys((await readJson("package.json")).devDependencies),
};

Deno.test("every import in the repository goes inward", async () => {
  const sources = await listSources(
    "supabase/functions",
    "scripts",
    "tests",
    "bench",
  );
  assert.ok(sources.length > 50, "the walk found the sources");
  const violations = sources.flatMap(({ path, text }) => checkSource(path, text, known));
  assert.deepEqual(violations, []);
});

Deno.test("what a webhook's cold start loads stays light", async () => {
  const packages = reachPackages(
    "supabase/functions/unified-webhook/index.ts",
    await listSources("supabase/functions"),
  );
  const light = [
    "hono",
    "hono/router",
    "zod",
    "@supabase/postgrest-js",
    "node:crypto",
    "node:buffer",
  ];
  assert.deepEqual([...packages].filter((name) => !light.includes(name)), []);
});

Deno.test("what only a turn needs isn't loaded before there is one", async () => {
  const sources = await listSources("supabase/functions");
  const files = [...reachFiles("supabase/functions/unified-webhook/index.ts", sources)];
  assert.deepEqual(files.filter((path) => /domain\/(?:agents|intent)\//.test(path)), []);
  const late = [...reachFiles(`${S}/domain/session/decide_turn.ts`, sources)];
  assert.ok(late.some((path) => path.endsWith("/agents/jobs/lexicon.ts")), "they were looked for");
});

Deno.test("a planted violation is found", async (test) => {
  const cases: [string, string, string, RegExp][] = [
    // domain
    [
      "domain → services",
      `${S}/domain/a.ts`,
      `import { x } from "../services/x.ts";`,
      /domain may not import services/,
    ],
    [
      "domain → providers",
      `${S}/domain/a/b.ts`,
      `import { x } from "../../providers/vapi/x.ts";`,
      /domain may not import providers/,
    ],
    [
      "domain → http",
      `${S}/domain/a.ts`,
      `export * from "../http/x.ts";`,
      /domain may not import http/,
    ],
    [
      "domain → env, a type",
      `${S}/domain/a.ts`,
      `import type { E } from "../env.ts";`,
      /domain may not import env/,
    ],
    [
      "domain → log, a type",
      `${S}/domain/a.ts`,
      `type L = import("../log.ts").LogLevel;`,
      /domain may not import log/,
    ],
    [
      "domain → ports, a value",
      `${S}/domain/a.ts`,
      `import { AGENT_ROLES } from "../ports.ts";`,
      /only name types of ports/,
    ],
    [
      "domain → ports, a value among types",
      `${S}/domain/a.ts`,
      `import { type A, AGENT_ROLES } from "../ports.ts";`,
      /only name types of ports/,
    ],
    [
      "domain → services, late",
      `${S}/domain/a.ts`,
      `const x = await import("../services/x.ts");`,
      /domain may not import services/,
    ],
    [
      "domain → hono",
      `${S}/domain/a.ts`,
      `import { Hono } from "hono";`,
      /domain may not use this package/,
    ],
    [
      "domain → a part of hono",
      `${S}/domain/a.ts`,
      `import type { Context } from "hono/types";`,
      /domain may not use this package/,
    ],
    [
      "domain → node:crypto",
      `${S}/domain/a.ts`,
      `import "node:crypto";`,
      /domain may not use this built-in/,
    ],
    [
      "domain reads the clock",
      `${S}/domain/a.ts`,
      `export const a = () => Date.now();`,
      /as parameters/,
    ],
    [
      "domain reads the clock by new",
      `${S}/domain/a.ts`,
      `export const a = () => new Date();`,
      /as parameters/,
    ],
    [
      "domain draws",
      `${S}/domain/a.ts`,
      `export const a = Math.random();`,
      /as parameters/,
    ],
    [
      "domain makes ids",
      `${S}/domain/a.ts`,
      `export const a = crypto.randomUUID();`,
      /as parameters/,
    ],
    [
      "domain fetches",
      `${S}/domain/a.ts`,
      `export const a = fetch("https://x.test");`,
      /as parameters/,
    ],
    [
      "domain waits",
      `${S}/domain/a.ts`,
      `setTimeout(() => {}, 1);`,
      /as parameters/,
    ],
    [
      "domain reaches through globalThis",
      `${S}/domain/a.ts`,
      `globalThis.fetch("x");`,
      /as parameters/,
    ],
    // services
    [
      "services → providers",
      `${S}/services/a.ts`,
      `import type { V } from "../providers/vapi/v.ts";`,
      /services may not import providers/,
    ],
    [
      "services → http",
      `${S}/services/a.ts`,
      `import { x } from "../http/x.ts";`,
      /services may not import http/,
    ],
    [
      "services → env",
      `${S}/services/jobs/a.ts`,
      `import { x } from "../../env.ts";`,
      /services may not import env/,
    ],
    [
      "services → log, a value",
      `${S}/services/a.ts`,
      `import { createLogger } from "../log.ts";`,
      /only name types of log/,
    ],
    [
      "services → a function",
      `${S}/services/a.ts`,
      `import { x } from "../../worker/app.ts";`,
      /services may not import app/,
    ],
    [
      "services → jose",
      `${S}/services/a.ts`,
      `import { jwtVerify } from "jose";`,
      /services may not use this package/,
    ],
    [
      "services read the environment",
      `${S}/services/a.ts`,
      `const x = Deno.env.get("X");`,
      /may not touch the runtime/,
    ],
    // providers
    [
      "a vendor → another",
      `${S}/providers/vapi/a.ts`,
      `import { x } from "../twilio/x.ts";`,
      /providers\/vapi may not import providers\/twilio/,
    ],
    [
      "a vendor → the wiring",
      `${S}/providers/vapi/a.ts`,
      `import { x } from "../create_connect.ts";`,
      /may not import providers\/\*/,
    ],
    [
      "shared → a vendor",
      `${S}/providers/resilience/a.ts`,
      `import { x } from "../vapi/x.ts";`,
      /may not import providers\/vapi/,
    ],
    [
      "providers → services",
      `${S}/providers/vapi/a.ts`,
      `import { x } from "../../services/x.ts";`,
      /providers may not import services/,
    ],
    [
      "providers → http",
      `${S}/providers/vapi/a.ts`,
      `import { x } from "../../http/x.ts";`,
      /providers may not import http/,
    ],
    [
      "providers → env",
      `${S}/providers/vapi/a.ts`,
      `import { x } from "../../env.ts";`,
      /providers may not import env/,
    ],
    // http, log, env, ports, errors
    [
      "http → services",
      `${S}/http/a.ts`,
      `import { x } from "../services/x.ts";`,
      /http may not import services/,
    ],
    [
      "http → providers",
      `${S}/http/a.ts`,
      `import { x } from "../providers/vapi/x.ts";`,
      /http may not import providers/,
    ],
    [
      "http → env, a value",
      `${S}/http/a.ts`,
      `import { readEnvironment } from "../env.ts";`,
      /only name types of env/,
    ],
    [
      "http → cockatiel",
      `${S}/http/a.ts`,
      `import "cockatiel";`,
      /http may not use this package/,
    ],
    [
      "http reads the environment",
      `${S}/http/a.ts`,
      `const { env } = Deno;`,
      /may not touch the runtime/,
    ],
    [
      "http reads it by an alias",
      `${S}/http/a.ts`,
      `const runtime = Deno; runtime.env;`,
      /may not touch the runtime/,
    ],
    [
      "http reads it by brackets",
      `${S}/http/a.ts`,
      `Deno["env"].get("X");`,
      /may not touch the runtime/,
    ],
    [
      "http reads process",
      `${S}/http/a.ts`,
      `process.env.X;`,
      /may not touch the runtime/,
    ],
    [
      "http reads it by globalThis",
      `${S}/http/a.ts`,
      `globalThis.Deno.env;`,
      /may not touch the runtime/,
    ],
    [
      "http reads it by a cast",
      `${S}/http/a.ts`,
      `(globalThis as { Deno: unknown }).Deno;`,
      /may not touch the runtime/,
    ],
    [
      "index reads it by globalThis",
      `supabase/functions/ops/index.ts`,
      `globalThis["Deno"];`,
      /readEnvironment alone/,
    ],
    [
      "http → node:process",
      `${S}/http/a.ts`,
      `import process from "node:process";`,
      /may not use this built-in/,
    ],
    [
      "ports → a value",
      `${S}/ports.ts`,
      `import { x } from "./domain/x.ts";`,
      /only name types of domain/,
    ],
    [
      "errors → ports",
      `${S}/errors.ts`,
      `import type { J } from "./ports.ts";`,
      /errors may not import ports/,
    ],
    [
      "log → env",
      `${S}/log/a.ts`,
      `import { x } from "../env.ts";`,
      /log may not import env/,
    ],
    [
      "env reads files",
      `${S}/env.ts`,
      `Deno.readTextFileSync("x");`,
      /may not touch the runtime/,
    ],
    [
      "env's values read the environment",
      `${S}/env/values.ts`,
      `Deno.env.get("X");`,
      /may not touch the runtime/,
    ],
    // functions
    [
      "app → providers",
      `supabase/functions/ops/app.ts`,
      `import { x } from "../_shared/providers/vapi/x.ts";`,
      /app may not import providers/,
    ],
    [
      "app → providers, a type",
      `supabase/functions/ops/app.ts`,
      `import type { X } from "../_shared/providers/vapi/x.ts";`,
      /app may not import providers/,
    ],
    [
      "app → env, a value",
      `supabase/functions/ops/app.ts`,
      `import { readEnvironment } from "../_shared/env.ts";`,
      /only name types of env/,
    ],
    [
      "app reads the environment",
      `supabase/functions/ops/app.ts`,
      `Deno.env.get("X");`,
      /may not touch the runtime/,
    ],
    [
      "app → index",
      `supabase/functions/ops/app.ts`,
      `import "./index.ts";`,
      /imports an index.ts/,
    ],
    [
      "app → another function",
      `supabase/functions/ops/app.ts`,
      `import "../worker/app.ts";`,
      /reaches into another function/,
    ],
    [
      "another file of a function → providers",
      `supabase/functions/ops/routes/a.ts`,
      `import "../../_shared/providers/vapi/x.ts";`,
      /app may not import providers/,
    ],
    [
      "index reads the environment itself",
      `supabase/functions/ops/index.ts`,
      `Deno.env.get("X");`,
      /readEnvironment alone/,
    ],
    [
      "index → a package",
      `supabase/functions/ops/index.ts`,
      `import { Hono } from "hono";`,
      /index may not use this package/,
    ],
    // everywhere that ships
    [
      "out of the functions",
      `${S}/services/a.ts`,
      `import { x } from "../../../../scripts/x.ts";`,
      /reaches out/,
    ],
    [
      "into the tests",
      `supabase/functions/ops/index.ts`,
      `import "../../../tests/support/x.ts";`,
      /reaches out/,
    ],
    [
      "a test",
      `${S}/services/a.ts`,
      `import { x } from "./b_test.ts";`,
      /imports a test/,
    ],
    [
      "an unlisted package",
      `${S}/providers/vapi/a.ts`,
      `import "left-pad";`,
      /no list of packages/,
    ],
    [
      "a tool's package",
      `${S}/providers/vapi/a.ts`,
      `import "fast-check";`,
      /no list of packages/,
    ],
    [
      "an inline npm name",
      `${S}/providers/vapi/a.ts`,
      `import "npm:zod@4";`,
      /directly/,
    ],
    [
      "a name of jsr",
      `${S}/providers/vapi/a.ts`,
      `import "jsr:@std/assert";`,
      /directly/,
    ],
    [
      "an address",
      `${S}/providers/vapi/a.ts`,
      `import "https://x.test/a.ts";`,
      /directly/,
    ],
    [
      "an absolute path",
      `${S}/providers/vapi/a.ts`,
      `import "/tmp/a.ts";`,
      /directly/,
    ],
    [
      "a computed import",
      `${S}/providers/vapi/a.ts`,
      `const x = "zod"; await import(x);`,
      /use a literal/,
    ],
    [
      "a computed text",
      `${S}/providers/vapi/a.ts`,
      "await import(`./${name}.ts`);",
      /use a literal/,
    ],
    // scripts and tests
    [
      "an address in a script",
      `scripts/a.ts`,
      `import "https://x.test/a.ts";`,
      /directly/,
    ],
    [
      "an inline npm name in a test",
      `tests/a_test.ts`,
      `import "npm:zod";`,
      /directly/,
    ],
    [
      "an unlisted package in a test",
      `${S}/services/a_test.ts`,
      `import "left-pad";`,
      /no list of packages/,
    ],
    [
      "out of the repository",
      `scripts/a.ts`,
      `import "../../elsewhere/a.ts";`,
      /leaves the repository/,
    ],
  ];
  for (const [name, path, source, expected] of cases) {
    await test.step(name, () => {
      const violations = checkSource(path, `// first line\n${source}`, known);
      assert.ok(violations.length > 0, "nothing was found");
      assert.match(violations[0]!, expected);
      assert.ok(violations[0]!.startsWith(`${path}:2 `), violations[0]);
    });
  }
});

Deno.test("what is allowed is left alone", async (test) => {
  const cases: [string, string, string][] = [
    [
      "domain",
      `${S}/domain/a/b.ts`,
      `
      import * as z from "zod";
      import { AppError } from "../../errors.ts";
      import type { AgentRow } from "../../ports.ts";
      import { type Json } from "../../ports.ts";
      import { c } from "../c/d.ts";
      export const at = (now: number) => new Date(now).toISOString();
      export const clock = { fetch: 1, crypto: (process: number) => process };
      // import "../services/x.ts"; Deno.env
      export const text = 'import "hono"; Date.now()';`,
    ],
    [
      "services",
      `${S}/services/jobs/a.ts`,
      `
      import { decide } from "../../domain/a.ts";
      import { AGENT_ROLES, type Clock } from "../../ports.ts";
      import type { LogLevel } from "../../log.ts";
      import { createHash } from "node:crypto";
      export const run = (clock: Clock) => clock() + Date.now();`,
    ],
    [
      "a vendor",
      `${S}/providers/vapi/a.ts`,
      `
      import { retry } from "cockatiel";
      import { send } from "../resilience/send_request.ts";
      import type { Vapi } from "../../ports.ts";
      import { b } from "./b.ts";
      export const create = (fetch = globalThis.fetch) => fetch("x");`,
    ],
    [
      "the wiring of vendors",
      `${S}/providers/create_connect.ts`,
      `import { a } from "./vapi/a.ts";`,
    ],
    [
      "http",
      `${S}/http/a.ts`,
      `
      import { Hono } from "hono";
      import { METHODS } from "hono/router";
      import { jwtVerify } from "jose";
      import { createLogger } from "../log.ts";
      const lazily = await import("./b.ts");`,
    ],
    [
      "env",
      `${S}/env.ts`,
      `export const read = (name: string) => Deno.env.get(name);`,
    ],
    [
      "app",
      `supabase/functions/ops/app.ts`,
      `
      import { createApp } from "../_shared/http/create_app.ts";
      import { save } from "../_shared/services/save.ts";
      import { route } from "./routes/a.ts";`,
    ],
    [
      "index",
      `supabase/functions/ops/index.ts`,
      `
      import { readEnvironment } from "../_shared/env.ts";
      import { createDatabase } from "../_shared/providers/supabase/create_database.ts";
      import { createOps } from "./app.ts";
      Deno.serve(createOps().fetch);`,
    ],
    [
      "a test",
      `${S}/services/a_test.ts`,
      `
      import assert from "node:assert/strict";
      import * as fc from "fast-check";
      import { createVapi } from "../providers/vapi/a.ts";
      import { support } from "../../../../tests/support/x.ts";
      Deno.test("x", () => {});`,
    ],
    [
      "a script",
      `scripts/a.ts`,
      `
      import postgres from "postgres";
      import { readEnvironment } from "../supabase/functions/_shared/env.ts";
      await import(Deno.args[0]!);`,
    ],
  ];
  for (const [name, path, source] of cases) {
    await test.step(
      name,
      () => assert.deepEqual(checkSource(path, source, known), []),
    );
  }
});

Deno.test("what a start loads is followed through static imports alone", () => {
  const sources = [
    {
      path: "a/index.ts",
      text: `import "./b.ts"; import type { X } from "jose";`,
    },
    {
      path: "a/b.ts",
      text: `import "zod"; import "./index.ts"; const late = () => import("./c.ts");`,
    },
    { path: "a/c.ts", text: `import "ai";` },
  ];
  assert.deepEqual([...reachPackages("a/index.ts", sources)], ["zod"]);
  assert.throws(() => reachPackages("a/missing.ts", sources), /no such file/);
});
