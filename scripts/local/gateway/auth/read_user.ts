import type { Database } from "../../open_database.ts";

/** A user as GoTrue answers one. Times are ISO strings. */
export type User = {
  id: string;
  aud: string;
  role: string;
  email: string;
  email_confirmed_at: string | null;
  phone: string;
  app_metadata: Record<string, unknown>;
  user_metadata: Record<string, unknown>;
  identities: never[];
  created_at: string;
  updated_at: string;
  is_anonymous: boolean;
};

const COLUMNS = `jsonb_build_object(
  'id', id, 'aud', coalesce(aud, 'authenticated'), 'role', coalesce(role, 'authenticated'),
  'email', coalesce(email, ''), 'email_confirmed_at', email_confirmed_at,
  'phone', coalesce(phone, ''), 'app_metadata', coalesce(raw_app_meta_data, '{}'),
  'user_metadata', coalesce(raw_user_meta_data, '{}'), 'identities', '[]'::jsonb,
  'created_at', created_at, 'updated_at', updated_at, 'is_anonymous', is_anonymous
)::text as user`;

const IS_ACTIVE = "deleted_at is null and (banned_until is null or banned_until < now())";

function parseUser(rows: { user: string }[]): User | undefined {
  const [row] = rows;
  return row === undefined ? undefined : JSON.parse(row.user) as User;
}

export async function readUser(database: Database, id: string): Promise<User | undefined> {
  return parseUser(
    await database.query(
      `select ${COLUMNS} from auth.users where id = $1::text::uuid and ${IS_ACTIVE}`,
      [id],
    ),
  );
}

/** The user whose password this is; passwords are bcrypt hashes, as in production. */
export async function readUserByPassword(
  database: Database,
  { email, password }: { email: string; password: string },
): Promise<User | undefined> {
  return parseUser(
    await database.query(
      `select ${COLUMNS} from auth.users
       where email = lower($1::text) and ${IS_ACTIVE} and encrypted_password <> ''
         and encrypted_password = extensions.crypt($2::text, encrypted_password)`,
      [email, password],
    ),
  );
}

/** Undefined when the address is taken. */
export async function createUser(
  database: Database,
  { email, password, data }: { email: string; password: string; data: unknown },
): Promise<User | undefined> {
  return parseUser(
    await database.query(
      `insert into auth.users (id, instance_id, aud, role, email, encrypted_password,
         email_confirmed_at, raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
       values (gen_random_uuid(), '00000000-0000-0000-0000-000000000000', 'authenticated',
         'authenticated', lower($1::text),
         extensions.crypt($2::text, extensions.gen_salt('bf', 10)), now(),
         '{"provider": "email", "providers": ["email"]}', $3::text::jsonb, now(), now())
       on conflict do nothing
       returning ${COLUMNS}`,
      [email, password, JSON.stringify(data ?? {})],
    ),
  );
}
