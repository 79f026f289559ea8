/** What is nobody's source: other people's packages, histories, and files of secrets. */
const isLeftOut = (name: string) =>
  ["node_modules", ".git"].includes(name) || name.startsWith(".env");

/** Every source file below a folder, sorted, with slashes, relative to it. Links are left out. */
export async function walk(folder: string, below = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(below === "" ? folder : `${folder}/${below}`)) {
    if (isLeftOut(entry.name)) continue;
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory) found.push(...await walk(folder, path));
    else if (entry.isFile) found.push(path);
  }
  return found.sort();
}
