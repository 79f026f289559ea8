import { advise, type Finding, pass } from "./finding.ts";

/** @param changes the lines of `git status --porcelain`; null outside a clone */
export function checkTree(changes: readonly string[] | null): Finding[] {
  if (changes === null) {
    const cure = "git clone the repository: a release is a commit";
    return [advise("tree", "this is no clone of the repository", cure)];
  }
  if (changes.length === 0) return [pass("tree", "nothing is changed that isn't committed")];
  const first = changes[0]!.slice(3);
  const others = changes.length === 1 ? "" : ` and ${changes.length - 1} more`;
  return [
    advise("tree", `"${first}"${others} isn't committed`, "commit it: a release is a commit"),
  ];
}
