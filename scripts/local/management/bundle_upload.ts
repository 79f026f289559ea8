import { dirname, join } from "node:path";
import { denoEnvironment } from "../start_functions.ts";
import { ManagementError } from "./management_error.ts";
import type { Upload } from "./read_upload.ts";

/** Deno's arguments to load an upload by what it brought itself, and by nothing around it. */
export function configArguments(folder: string, importMapPath: string | undefined): string[] {
  if (importMapPath === undefined) return ["--no-config", "--no-lock"];
  const path = join(folder, importMapPath);
  return /\/deno\.jsonc?$/.test(path)
    ? ["--config", path, "--no-lock"]
    : ["--no-config", "--no-lock", "--import-map", path];
}

/**
 * Unpacks an upload into an empty folder and loads its whole graph, as the platform's bundler
 * does: what it imports is in the upload or in npm. Throws ManagementError 400 when it isn't.
 */
export async function bundleUpload(
  { metadata, files }: Upload,
  { folder, deno }: { folder: string; deno: string },
): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  for (const [path, bytes] of files) {
    await Deno.mkdir(dirname(join(folder, path)), { recursive: true });
    await Deno.writeFile(join(folder, path), bytes);
  }
  const entrypoint = join(folder, metadata.entrypoint_path);
  const config = configArguments(folder, metadata.import_map_path);
  const run = async (args: string[]) => {
    const { success, stdout, stderr } = await new Deno.Command(deno, {
      args,
      cwd: folder,
      env: denoEnvironment(),
    }).output();
    const decoder = new TextDecoder();
    if (!success) throw refusal(decoder.decode(stderr).trim(), folder);
    return decoder.decode(stdout);
  };
  await run(["cache", "--quiet", ...config, entrypoint]);
  // A file that only a dynamic import names may be missing there: here it may not.
  const graph = JSON.parse(await run(["info", "--json", ...config, entrypoint])) as {
    modules: { specifier: string; error?: string }[];
  };
  const missing = graph.modules.find(({ error }) => error !== undefined);
  if (missing !== undefined) throw refusal(`${missing.error} "${missing.specifier}"`, folder);
}

function refusal(reason: string, folder: string): ManagementError {
  const shown = reason.replace(/^error: /, "").replaceAll(`file://${folder}`, "file:///source")
    .split("\n", 3).join(" ");
  return new ManagementError(400, `Failed to bundle the function (reason: ${shown})`);
}
