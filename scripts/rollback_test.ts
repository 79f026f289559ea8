import assert from "node:assert/strict";
import { join } from "node:path";
import { REPOSITORY } from "./local/repository.ts";
import { createJournal, saveJournal } from "./release/journal.ts";
import { rollback } from "./rollback.ts";

const REF = "a".repeat(20);

/** What is printed; nobody answers, and nobody should be asked. */
const run = (...args: string[]) => runIn(REPOSITORY, ...args);

async function runIn(folder: string, ...args: string[]): Promise<string> {
  const lines: string[] = [];
  await rollback(args, {
    folder,
    print: (line) => lines.push(line),
    read: (name) => name === "SUPABASE_ACCESS_TOKEN" ? `sbp_${"0".repeat(40)}` : undefined,
    fetch: () => Promise.reject(new Error("nobody may be asked")),
  });
  return lines.join("\n");
}

Deno.test("each kind says in the help what it does to data", async () => {
  const help = await run("--help");
  for (const kind of ["quick", "full", "code", "constraint", "legacy", "restore"]) {
    assert.match(help, new RegExp(`^  ${kind} +\\S.*\\n +data: \\S`, "m"), kind);
  }
  assert.equal(help.match(/LOST/g)?.length, 1, "one of them loses anything");
  assert.equal(await run(), help);
});

Deno.test("what isn't understood, or lacks its reason, goes nowhere", async () => {
  const cases: [string[], RegExp][] = [
    [["everything"], /Cannot understand "everything"/],
    [["quick", "now"], /Cannot understand "quick now"/],
    [["constraint", "--project-ref", REF], /Cannot understand "constraint"/],
    [["quick"], /give its --project-ref/],
    [["quick", "--project-ref", REF], /without --reason/],
    [["full", "--project-ref", REF, "--reason", " "], /without --reason/],
    [["restore", "--project-ref", REF], /without --reason/],
    [["legacy", "--project-ref", REF], /give --meta-app-id/],
    [["constraint", "x y", "--project-ref", REF], /no migration of ours/],
  ];
  for (const [args, reason] of cases) await assert.rejects(run(...args), reason, args.join(" "));
});

Deno.test("what takes a project for the other one is refused, but not in an incident", async () => {
  const folder = await Deno.makeTempDir();
  const journal = createJournal({
    ref: REF,
    environment: "staging",
    commit: "c".repeat(40),
    version: "0.2.0",
    now: new Date("2026-11-21T10:00:00Z"),
  });
  journal.secretsSet.push("SENTRY_DSN");
  await saveJournal(join(folder, ".local"), journal);
  const about = ["--project-ref", REF, "--reason", "x"];
  const refused = /^ReleaseError: Cannot take "a+" for production: .*; give --env staging/;
  for (const kind of ["code", "legacy", "restore"]) {
    await assert.rejects(runIn(folder, kind, ...about), refused, kind);
  }
  await runIn(folder, "restore", "--env", "staging", ...about);
  await assert.rejects(runIn(folder, "quick", ...about), /no answer of/);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("restore is shown without asking anybody", async () => {
  const text = await run("restore", "--project-ref", REF, "--reason", "it's bad");
  assert.match(
    text,
    /\[1\/7\] switch the service off\n +data +nothing\n +run +deno task rollback full/,
  );
  assert.match(text, /--reason 'it'\\''s bad'/);
  // What is shown is about the same project when it is copied, and complete.
  const staging = ["--project-ref", REF, "--env", "staging", "--reason", "x", "--dump", "a b.dump"];
  const shown = await run("restore", ...staging);
  const commands = shown.match(/deno task (?:rollback|doctor) .*$/gm) ?? [];
  assert.equal(commands.length, 4);
  for (const command of commands) assert.match(command, /--env staging\b/);
  assert.match(shown, /rollback restore --step 5 --dump 'a b\.dump' .*--reason x --confirm$/m);
  assert.match(text, /Nothing was done: run them in order/);
});

Deno.test("no command that is shown to be run has the database's password in an argument", async () => {
  const shown = await run("restore", "--project-ref", REF, "--reason", "x");
  const notes = await Deno.readTextFile(join(REPOSITORY, "supabase", "rollbacks", "README.md"));
  for (const text of [shown, notes]) {
    assert.match(text, /"\$DATABASE"/);
    assert.doesNotMatch(text, /SUPABASE_DB_URL/);
  }
});

Deno.test("who interrupts it while a secret is sent leaves no file of it", async () => {
  const ref = "interruptedrollbacks";
  const place = await Deno.makeTempDir();
  const [asked, over] = [Promise.withResolvers<void>(), Promise.withResolvers<Response>()];
  // A platform that takes its time.
  const api = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    if (request.method === "GET") return Response.json([]);
    asked.resolve();
    return over.promise;
  });
  const url = `http://127.0.0.1:${api.addr.port}`;
  const profile = join(place, "profile.yaml");
  await Deno.writeTextFile(
    profile,
    ["api_url", "dashboard_url", "docs_url"].map((key) => `${key}: ${url}\n`).join("") +
      "name: slow\nproject_host: 127.0.0.1\npooler_host: 127.0.0.1\n",
  );
  const temporary = join(place, "temporary");
  await Deno.mkdir(temporary);
  const listSecrets = async () => {
    const names = await Array.fromAsync(Deno.readDir(temporary), ({ name }) => name);
    return names.filter((name) => name.startsWith("switchboard-secret-"));
  };
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ["run", "-A", "--no-check", join(REPOSITORY, "scripts", "rollback.ts")],
      ["restore", "--reason=x", "--step=7", "--confirm"],
      [`--project-ref=${ref}`, `--profile=${profile}`, `--project-url=${url}`],
    ].flat(),
    env: {
      TMPDIR: temporary,
      SUPABASE_ACCESS_TOKEN: `sbp_${"0".repeat(40)}`,
      SUPABASE_DB_URL: "",
      WHATSAPP_APP_SECRET: "kept to itself",
      NO_PROXY: "127.0.0.1",
    },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  try {
    const ended = child.output();
    const early = await Promise.race([asked.promise, ended]);
    assert.equal(early && new TextDecoder().decode(early.stderr), undefined, "it is being sent");
    assert.equal((await listSecrets()).length, 1);
    child.kill("SIGTERM");
    const { code, stderr } = await ended;
    assert.match(
      new TextDecoder().decode(stderr),
      /Cannot run "supabase secrets set": interrupted/,
    );
    assert.equal(code, 1);
    assert.deepEqual(await listSecrets(), []);
  } finally {
    over.resolve(new Response());
    await api.shutdown();
    await Deno.remove(place, { recursive: true });
    await Deno.remove(join(REPOSITORY, ".local", "releases", ref), { recursive: true })
      .catch(() => {});
  }
});
