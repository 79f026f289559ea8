import assert from "node:assert/strict";
import { join } from "node:path";
import { createJournal, saveJournal } from "../journal.ts";
import { ReleaseError } from "../release_error.ts";
import { type Constraint, writeReturn } from "./drop_constraint.ts";
import { findCode } from "./find_code.ts";
import { judgeStandstill } from "./require_standstill.ts";
import { findOwnRelations } from "./read_own_relations.ts";
import { readContents, writeTruncation } from "./restore_database.ts";
import { quoteLiteral } from "./rollback_context.ts";
import { writeFlagStatement } from "./switch_flags.ts";

Deno.test("a value ends where it ends, whatever is in it", () => {
  const cases: [string, string][] = [
    ["plain", "'plain'"],
    ["it's", "'it''s'"],
    ["'; drop table x; --", "'''; drop table x; --'"],
    ["back\\'slash", "'back/''slash'"],
    ["nul\0", "'nul'"],
  ];
  for (const [given, expected] of cases) assert.equal(quoteLiteral(given), expected);
  const statement = writeFlagStatement("switched_off", { reason: "it's", actor: "ada" });
  assert.match(statement, /set_config\('app\.reason', 'it''s', true\)/);
  assert.match(statement, /'\{unifiedServiceEnabled\}', 'false'/);
});

Deno.test("a constraint comes back unchecked first where it may, and is checked then", () => {
  const base: Constraint = {
    table: "public.a",
    kind: "c",
    definition: "CHECK ((b > 0))",
    is_partitioned: false,
    comment: null,
    needed_by: [],
    used_by: [],
  };
  const cases: [Partial<Constraint>, string][] = [
    [
      {},
      "alter table public.a add constraint x CHECK ((b > 0)) not valid;\n" +
      "alter table public.a validate constraint x;",
    ],
    [
      { definition: "CHECK ((b > 0)) NOT VALID" },
      "alter table public.a add constraint x CHECK ((b > 0)) NOT VALID;",
    ],
    [{ kind: "u", definition: "UNIQUE (b)" }, "alter table public.a add constraint x UNIQUE (b);"],
    [
      { kind: "f", definition: "FOREIGN KEY (b) REFERENCES c(d)", is_partitioned: true },
      "alter table public.a add constraint x FOREIGN KEY (b) REFERENCES c(d);",
    ],
  ];
  for (const [change, expected] of cases) {
    assert.equal(writeReturn("x", { ...base, ...change }), expected);
  }
});

Deno.test("code is found by version, release, tag or commit, and else it is said how", async () => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard-code-" });
  const git = async (...args: string[]) => {
    const own = ["-c", "user.name=a", "-c", "user.email=a@example.test"];
    const { success, stdout, stderr } = await new Deno.Command("git", {
      args: [...own, ...args],
      cwd: folder,
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout).trim();
  };
  const ref = "a".repeat(20);
  try {
    await git("init", "--quiet");
    await git("commit", "--quiet", "--allow-empty", "-m", "one");
    const commit = await git("rev-parse", "HEAD");
    await git("tag", "v0.1.0");
    await Deno.mkdir(join(folder, "supabase"));
    const releases = JSON.stringify([{ version: "0.2.0", commit }]);
    await Deno.writeTextFile(join(folder, "supabase", "releases.json"), releases);
    for (const name of ["0.2.0", "v0.2.0", "v0.1.0", commit, commit.slice(0, 12), "HEAD"]) {
      assert.equal((await findCode({ folder, ref }, name)).commit, commit, name);
    }
    for (const name of ["v9.9.9", "--help", "a b", "", "x; rm"]) {
      await assert.rejects(findCode({ folder, ref }, name), ReleaseError, name);
    }
    await assert.rejects(findCode({ folder, ref }, null), /--to <tag>/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the code before is that of a release that deployed, and is named where it isn't sure", async () => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard-code-" });
  const ref = "a".repeat(20);
  const local = join(folder, ".local");
  const release = (commit: string, day: number, change: object) =>
    saveJournal(local, {
      ...createJournal({
        ref,
        environment: "production",
        commit: commit.repeat(40),
        version: `0.${day}.0`,
        now: new Date(Date.UTC(2026, 0, day)),
      }),
      ...change,
    });
  const find = () => findCode({ folder, ref }, null);
  try {
    await Deno.mkdir(join(folder, "supabase"));
    const listed = JSON.stringify([{ version: "0.0.9", commit: "f".repeat(40) }]);
    await Deno.writeTextFile(join(folder, "supabase", "releases.json"), listed);
    await release("e", 1, {});
    await assert.rejects(find(), /deployed nothing; name it with --to <tag>/);

    await release("a", 2, {
      finishedAt: "x",
      functionsBefore: { ops: 1 },
      functionsAfter: { ops: 2 },
    });
    await assert.rejects(find(), {
      code: "refused",
      message: /for sure: the newest of supabase\/releases\.json is 0\.0\.9; .*--to f{12}$/,
    });

    await release("b", 3, { functionsBefore: { ops: 2 } });
    assert.deepEqual(await find(), { commit: "a".repeat(40), origin: "release 0.2.0" });
    // One that stopped at its preflight has changed nothing.
    await release("c", 4, {});
    assert.deepEqual(await find(), { commit: "a".repeat(40), origin: "release 0.2.0" });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const LIST = `;
; Archive created at 2026-11-21
4512; 0 16999 TABLE DATA public contacts postgres
4513; 0 17000 TABLE DATA private integration_credentials postgres
4514; 0 17001 TABLE DATA partitions inbound_messages_2026_11 postgres
4515; 0 17002 TABLE DATA auth users supabase_auth_admin
4516; 0 17003 SEQUENCE SET private fencing_tokens postgres
4517; 1259 17004 TABLE public contacts postgres
4518; 0 17005 TABLE DATA public wa_contacts postgres
4519; 0 17006 SEQUENCE SET public contacts_old_id_seq postgres
4520; 0 17007 SEQUENCE SET public contacts_id_seq postgres
`;

const MIGRATION = `
create table public.contacts (
  id bigint generated always as identity,
  primary key (id)
);
-- create table public.not_this_one (id bigint);
create table if not exists private.integration_credentials (id uuid);
create sequence private.fencing_tokens as bigint;
`;
const OWN = findOwnRelations(MIGRATION);

Deno.test("of a backup the tables of ours are taken, and nobody else's", () => {
  assert.deepEqual(OWN, {
    tables: ["public.contacts", "private.integration_credentials"],
    sequences: ["public.contacts_id_seq", "private.fencing_tokens"],
  });
  const { tables, lines, left } = readContents(LIST, OWN);
  assert.deepEqual(tables, [
    "partitions.inbound_messages_2026_11",
    "private.integration_credentials",
    "public.contacts",
  ]);
  assert.deepEqual(left, ["public.wa_contacts"]);
  assert.deepEqual(lines.map((line) => line.slice(0, 4)), ["4512", "4513", "4514", "4516", "4520"]);
  const statement = writeTruncation(["public.contacts"], OWN);
  assert.match(statement, /unnest\(array\['public\.contacts'\]::text\[\]\)/);
  assert.doesNotMatch(statement, /cascade/);
});

Deno.test("rows are replaced only while nothing comes in, and what is there is kept", () => {
  const now = new Date("2026-11-21T12:00:00Z");
  const copiedAt = new Date("2026-11-20T12:00:00Z");
  const ready = { isServiceOn: false, takesDeliveries: false, copiedAt };
  const cases: [Partial<typeof ready> | { copiedAt: null }, RegExp | null][] = [
    [{}, null],
    [{ isServiceOn: true }, /switched on \(--step 1\)$/],
    [{ takesDeliveries: true }, /taken \(--step 2\)$/],
    [{ copiedAt: null }, /no copy .*\(--step 3\)$/],
    [{ copiedAt: new Date("2026-11-20T11:59:59Z") }, /no copy .*\(--step 3\)$/],
  ];
  for (const [change, reason] of cases) {
    const found = judgeStandstill({ ...ready, ...change }, now);
    assert.equal(found.length, reason === null ? 0 : 1);
    if (reason !== null) assert.match(found[0]!, reason);
  }
  assert.equal(
    judgeStandstill({ isServiceOn: true, takesDeliveries: true, copiedAt: null }, now).length,
    3,
  );
});
