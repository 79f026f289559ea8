import assert from "node:assert/strict";
import * as fc from "fast-check";
import { splitBlock, splitStatements } from "./split_statements.ts";

const texts = (source: string) => splitStatements(source).map(({ text }) => text);

Deno.test("a statement ends where the server ends it", () => {
  assert.deepEqual(
    texts(`
      -- one; two
      Select 'a;''b', "C;d" /* ; */ from x;
      select E'\\';' , $$ ; $$, $tag$ $$ ; $tag$;
      create function f() returns int language sql as $body$ select 1; select 2; $body$;
      ;
      select 3`),
    [
      `select '', "c;d" from x`,
      "select '' , $$, $$",
      "create function f() returns int language sql as $$",
      "select 3",
    ],
  );
});

Deno.test("knows the lines, and the comments above and inside", () => {
  assert.deepEqual(
    splitStatements("select 1;\n-- above\n\nselect\n  -- inside\n  2;\n").at(1),
    { line: 4, endLine: 6, text: "select 2", comments: ["above", "inside"], quoted: [] },
  );
});

Deno.test("a block is opened, its control flow left out, what it executes is read", () => {
  const [block] = splitStatements(`
do $$
declare
  a int;
begin
  if exists (select from b where c = 'x') then
    drop table d;
  else
    update e set f = case when g then 1 else 2 end where h;
  end if;
  for i in 1..2 loop
    execute format('drop table %I; drop view v', i);
  end loop;
exception when others then
  truncate j;
end $$;`);
  assert.deepEqual(block && splitBlock(block).map(({ line, text }) => `${line} ${text}`), [
    "4 a int",
    "7 drop table d",
    "9 update e set f = case when g then 1 else 2 end where h",
    "10 end if",
    "12 execute format('', i)",
    "12 drop table %i",
    "12 drop view v",
    "13 end loop",
    "15 truncate j",
    "16 end",
  ]);
});

Deno.test("whatever stands in quotes or comments, the statements around it are found", () => {
  const inert = fc.oneof(
    fc.string().map((text) => `'${text.replaceAll("'", "''")}'`),
    fc.string().map((text) => `"${text.replaceAll('"', '""')}"`),
    fc.string().map((text) => `$q$${text.replaceAll("$", "")}$q$`),
    fc.string().map((text) => `/*${text.replaceAll("*", "")}*/ 1`),
    fc.string().map((text) => `--${text.replaceAll("\n", "")}\n1`),
  );
  fc.assert(
    fc.property(fc.array(inert), (parts) => {
      const found = texts([...parts.map((part) => `select ${part}`), "drop table a"].join(";\n"));
      assert.equal(found.length, parts.length + 1);
      assert.equal(found.at(-1), "drop table a");
    }),
  );
});
