/** Every command of the pages is one that there is, and takes the options it is shown with. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { REPOSITORY } from "../../scripts/local/repository.ts";
import { type Command, readCommands } from "./support/read_commands.ts";

const PAGES = ["README.md", "ARCHITECTURE.md", "docs/runbook.md", "supabase/rollbacks/README.md"];

const read = (path: string) => Deno.readTextFile(join(REPOSITORY, path));
const tasks: Record<string, { command: string }> = JSON.parse(await read("deno.json")).tasks;

/** The script behind a command. */
function findPath({ task, path, text }: Command): string {
  if (path !== null) return path;
  const [, found] = /^deno run -A (\S+)/.exec(tasks[task ?? ""]?.command ?? "") ?? [];
  assert.ok(found !== undefined, `"${text}": deno.json has no such task`);
  return found;
}

const told = new Map<string, Promise<string>>();

/** What a script says of itself by `--help`; a benchmark, which has none, by its own text. */
function describe(path: string): Promise<string> {
  const describing = told.get(path) ?? (async () => {
    const text = await read(path);
    if (path.startsWith("bench/")) {
      return text.replaceAll(/^\s+"?([\w-]+)"?: \{ type: "/gm, "--$1 ");
    }
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", path, "--help"],
      cwd: REPOSITORY,
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    assert.equal(code, 0, `${path} --help: ${decoder.decode(stderr)}`);
    return decoder.decode(stdout);
  })();
  told.set(path, describing);
  return describing;
}

const escape = (word: string) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

for (const page of PAGES) {
  Deno.test(`${page}: every command is there and knows its options`, async () => {
    const commands = readCommands(await read(page));
    const wrong = await Promise.all(commands.map(async (command) => {
      try {
        const help = await describe(findPath(command));
        const knows = (word: string) =>
          new RegExp(`(?<![\\w-])${escape(word)}(?![\\w-])`).test(help);
        const asked = command.options.filter((option) => option !== "--help");
        const unknown = [...asked, ...(command.verb === null ? [] : [command.verb])]
          .filter((word) => !knows(word));
        return unknown.length === 0 ? [] : [`"${command.text}" doesn't know ${unknown}`];
      } catch (error) {
        return [(error as Error).message];
      }
    }));
    assert.deepEqual(wrong.flat(), []);
    assert.ok(commands.length > 0, "there is none on the page");
  });
}
