import { parseArgs } from "node:util";
import * as z from "zod";
import { createDatabase } from "../supabase/functions/_shared/providers/supabase/create_database.ts";
import { findUser } from "../supabase/functions/_shared/providers/supabase/find_user.ts";
import { printError, printLine } from "./local/print_line.ts";
import { readProject } from "./read_project.ts";

const HELP = `Creates an organization and makes a user its owner.

  deno run -A scripts/create_organization.ts --name <name> --owner <user id or e-mail>
      [--parent <organization id>] [--id <organization id>]

  --name     as people read it
  --owner    the user's id, or the e-mail address they sign in with
  --parent   the organization whose owners also act in this one
  --id       the new organization's id; with it the command may be repeated

Prints the new organization's id. Reads SUPABASE_URL and SUPABASE_SECRET_KEYS (or
SUPABASE_SERVICE_ROLE_KEY).
`;

const created = z.discriminatedUnion("code", [
  z.object({ code: z.literal("created"), org_id: z.string() }),
  z.object({ code: z.literal("user_not_found") }),
  z.object({ code: z.literal("parent_not_found") }),
  z.object({ code: z.literal("id_taken") }),
]);
const uuid = z.guid();

type Read = (name: string) => string | undefined;

/** Creates it. Gives the text to print; throws one clear sentence. */
export async function createOrganization(
  args: string[],
  read: Read = (name) => Deno.env.get(name),
): Promise<string> {
  const { values } = parseArgs({
    args,
    options: {
      name: { type: "string" },
      owner: { type: "string" },
      parent: { type: "string" },
      id: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return HELP;
  const { name, owner, parent, id } = values;
  if (name === undefined || name.trim() === "" || owner === undefined) {
    throw new Error("Cannot create an organization: --name and --owner are needed (see --help)");
  }
  for (const [option, value] of Object.entries({ parent, id })) {
    if (value !== undefined && !uuid.safeParse(value).success) {
      throw new Error(`Cannot create an organization: --${option} "${value}" is not an id`);
    }
  }

  const project = readProject(read);
  const userId = uuid.safeParse(owner).success ? owner : await findUser(owner, project);
  const refuse = (reason: string) => new Error(`Cannot create organization "${name}": ${reason}`);
  if (userId === null) throw refuse(`nobody signs in as "${owner}"`);

  const database = createDatabase(project);
  const result = await database.callFunction("create_organization", {
    name,
    owner_user_id: userId,
    parent_id: parent ?? null,
    id: id ?? null,
  }, created);
  switch (result.code) {
    case "created":
      return result.org_id;
    case "user_not_found":
      throw refuse(`there is no user "${owner}"`);
    case "parent_not_found":
      throw refuse(`there is no organization "${parent}"`);
    case "id_taken":
      throw refuse(`the id "${id}" belongs to another one`);
  }
}

if (import.meta.main) {
  try {
    printLine((await createOrganization(Deno.args)).trimEnd());
  } catch (error) {
    printError((error as Error).message);
    Deno.exit(1);
  }
}
