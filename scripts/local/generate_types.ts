import { findSupabaseCli } from "./find_binary.ts";
import { REPOSITORY } from "./repository.ts";
import { StackError } from "./stack_error.ts";

async function format(source: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", "--ext", "ts", "-"],
    cwd: REPOSITORY,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(source));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  if (success) return new TextDecoder().decode(stdout);
  throw new StackError(`Cannot format the types: ${new TextDecoder().decode(stderr).trim()}`);
}

/** TypeScript types of the schema `public`, as the Supabase CLI makes them, formatted. */
export async function generateTypes(databaseUrl: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(await findSupabaseCli(), {
    args: [
      ["gen", "types", "typescript", "--schema", "public"],
      [`--remote=${databaseUrl}?sslmode=disable`],
    ].flat(),
    cwd: REPOSITORY,
    env: { SUPABASE_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" },
  }).output();
  const decoder = new TextDecoder();
  if (success) return await format(decoder.decode(stdout));
  throw new StackError(
    `Cannot generate types: ${decoder.decode(stderr).trim().split("\n").at(-1)}`,
  );
}
