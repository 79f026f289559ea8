import { join } from "node:path";
import * as z from "zod";
import { findSquawk } from "../local/find_binary.ts";
import { REPOSITORY } from "../local/repository.ts";
import { StackError } from "../local/stack_error.ts";

const reports = z.array(z.object({
  file: z.string(),
  line: z.int(),
  rule_name: z.string(),
  message: z.string(),
  help: z.string().nullable(),
}));

export type SquawkReport = { file: string; line: number; rule: string; message: string };

/** What squawk says of these files, by `.squawk.toml`; lines from 1. Throws StackError. */
export async function runSquawk(files: string[]): Promise<SquawkReport[]> {
  if (files.length === 0) return [];
  const { code, stdout, stderr } = await new Deno.Command(await findSquawk(), {
    args: ["--config", join(REPOSITORY, ".squawk.toml"), "--reporter", "json", ...files],
    cwd: REPOSITORY,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  // 1 is for findings; what can't be read has no JSON.
  const text = decoder.decode(stdout).trim();
  if (code > 1 || text === "") {
    throw new StackError(`Cannot check the migrations: ${decoder.decode(stderr).trim()}`);
  }
  return reports.parse(JSON.parse(text)).map(({ file, line, rule_name, message, help }) => ({
    file,
    line: line + 1,
    rule: rule_name,
    message: help === null ? message : `${message} ${help}`,
  }));
}
