import { readBlocks } from "./read_blocks.ts";

/** One of our own commands on a page. */
export type Command = {
  /** As it is written there. */
  text: string;
  /** `deno task <name>`; null for `deno run -A <path>`. */
  task: string | null;
  path: string | null;
  /** `--name` of each, without its value. */
  options: string[];
  /** What it is told to do, where its first argument is a word: `quick` of `deno task rollback quick`. */
  verb: string | null;
};

/** What a shell takes for one word, quotes and all; what follows `#` is nobody's. */
const WORD = /"(?:\\.|[^"\\])*"|'[^']*'|#.*|&&|[;|]|[^\s;|&"'#]+/g;

function readCommand(text: string): Command | null {
  const words = (text.match(WORD) ?? []).filter((word) => !word.startsWith("#"));
  const rest = words[0] === "npx" ? words.slice(2) : words;
  if (!/^deno(?:@[\d.]+)?$/.test(rest[0] ?? "")) return null;
  const isTask = rest[1] === "task";
  if (!isTask && !(rest[1] === "run" && rest[2] === "-A")) return null;
  const [name = "", ...given] = rest.slice(isTask ? 2 : 3);
  const options = given.filter((word) => /^--[a-z]/.test(word))
    .map((word) => word.replace(/=.*$/, ""));
  const [first = ""] = given;
  return {
    text: text.trim(),
    task: isTask ? name : null,
    path: isTask ? null : name,
    options,
    verb: /^[a-z]+$/.test(first) ? first : null,
  };
}

/** Our own commands in a script, also where several are in a line or one is in several lines. */
export function readScript(script: string): Command[] {
  return script.replaceAll(/\\\n/g, " ").split(/\n|&&|;|\|/).flatMap((line) =>
    readCommand(line) ?? []
  );
}

/** Our own commands of a page: in its `sh` blocks, whatever becomes of those, and between its words. */
export function readCommands(markdown: string): Command[] {
  const prose = markdown.replace(/^\s*```[\s\S]*?^\s*```$/gm, "");
  const codes = [...prose.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
  const blocks = readBlocks(markdown).filter(({ language }) => language === "sh");
  return [...blocks.map(({ text }) => text), ...codes].flatMap(readScript);
}
