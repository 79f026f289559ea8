import { fail, type Finding, pass } from "./finding.ts";

/** Of the tools on this machine; null where there is none. */
export type ToolVersions = { deno: string; node: string | null; git: string | null };

const OLDEST_NODE = 20;
const OLDEST_DENO = [2, 9] as const;

/** Deno runs everything; Node only starts it, so that none is fine and an old one is not. */
export function checkTools({ deno, node, git }: ToolVersions): Finding[] {
  const [major = 0, minor = 0] = readNumbers(deno);
  const [oldestMajor, oldestMinor] = OLDEST_DENO;
  const isDenoGood = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  const nodeMajor = node === null ? null : readNumbers(node)[0] ?? 0;
  return [
    isDenoGood
      ? pass("deno", `Deno ${deno}`)
      : fail("deno", `Deno ${deno} is older than 2.9`, "npx -y deno@2.9.6 task doctor"),
    nodeMajor !== null && nodeMajor < OLDEST_NODE
      ? fail("node", `Node ${node} is older than ${OLDEST_NODE}`, "https://nodejs.org/en/download")
      : pass("node", node === null ? "no Node, and Deno needs none" : `Node ${node}`),
    git === null
      ? fail("git", "git is not on the PATH", "https://git-scm.com/downloads")
      : pass("git", `git ${git}`),
  ];
}

function readNumbers(version: string): number[] {
  return (/\d+(?:\.\d+)*/.exec(version)?.[0] ?? "").split(".").map(Number);
}

/** The first line that a command prints about its version; null where it can't be run. */
async function readVersion(command: string): Promise<string | null> {
  try {
    const { success, stdout } = await new Deno.Command(command, {
      args: ["--version"],
      stderr: "null",
    }).output();
    const [version] = /\d+(?:\.\d+)+/.exec(new TextDecoder().decode(stdout)) ?? [];
    return success ? version ?? null : null;
  } catch {
    return null;
  }
}

export async function readToolVersions(): Promise<ToolVersions> {
  const [node, git] = await Promise.all([readVersion("node"), readVersion("git")]);
  return { deno: Deno.version.deno, node, git };
}
