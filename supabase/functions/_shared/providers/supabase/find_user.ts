import * as z from "zod";

const PAGE = 1_000;
const answer = z.looseObject({
  users: z.array(z.looseObject({ id: z.string(), email: z.string().nullish() })),
});

/**
 * The id of the user who signs in with an e-mail address, or null. Reads the platform's users page
 * by page (`/auth/v1/admin/users`, which has no filter for addresses).
 */
export async function findUser(
  email: string,
  { supabaseUrl, secretKey }: { supabaseUrl: string; secretKey: string },
): Promise<string | null> {
  const headers = {
    apikey: secretKey,
    ...(secretKey.startsWith("sb_") ? {} : { authorization: `Bearer ${secretKey}` }),
  };
  for (let page = 1;; page++) {
    const url = `${supabaseUrl}/auth/v1/admin/users?page=${page}&per_page=${PAGE}`;
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(
        `Cannot look up "${email}": the user list answered with status ${response.status}; ` +
          "give the user's id instead",
      );
    }
    const { users } = answer.parse(await response.json());
    const found = users.find((user) => user.email?.toLowerCase() === email.toLowerCase());
    if (found !== undefined) return found.id;
    if (users.length < PAGE) return null;
  }
}
