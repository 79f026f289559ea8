import {
  chooseServiceKeys,
  readEnvironment,
  type VariableName,
} from "../supabase/functions/_shared/env.ts";

/** What names a project to a command that works on one. */
export const PROJECT_VARIABLES = [
  "SUPABASE_URL",
  "SUPABASE_SECRET_KEYS",
  "SUPABASE_SERVICE_ROLE_KEY",
] as const satisfies VariableName[];

/**
 * The project that an operator's command works on, and the key that it calls with.
 *
 * @throws AppError `misconfigured` that names what is missing.
 */
export function readProject(
  read: (name: string) => string | undefined,
): { supabaseUrl: string; secretKey: string } {
  const environment = readEnvironment(PROJECT_VARIABLES, read);
  return {
    supabaseUrl: environment.SUPABASE_URL,
    secretKey: chooseServiceKeys(environment).serviceKey,
  };
}
