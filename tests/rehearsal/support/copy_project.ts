import { join } from "node:path";
import { REPOSITORY } from "../../../scripts/local/repository.ts";

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (name.startsWith(".")) continue;
    const [source, target] = [join(from, name), join(to, name)];
    await (isDirectory ? copyFolder(source, target) : Deno.copyFile(source, target));
  }
}

/** A copy of `supabase/` that a test may spoil: what the CLI is given as its `--workdir`. */
export async function copyProject(): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await Deno.makeTempDir({ prefix: "switchboard-copy-" });
  await copyFolder(join(REPOSITORY, "supabase"), join(folder, "supabase"));
  return {
    folder,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
