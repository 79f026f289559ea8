/**
 * The handler that one would write first: verify, parse, insert, answer. Arguments: port, database URL,
 * app secret.
 */
import postgres from "postgres";
import { verifyWhatsappSignature } from "../../supabase/functions/_shared/http/verify_whatsapp_signature.ts";

const [port = "0", databaseUrl = "", secret = ""] = Deno.args;
const sql = postgres(databaseUrl, { max: 20, onnotice: () => {} });
type Body = {
  entry: { changes: { value: { messages: { id: string }[] } }[] }[];
};

Deno.serve(
  { hostname: "127.0.0.1", port: Number(port), onListen() {} },
  async (request) => {
    const bytes = new Uint8Array(await request.arrayBuffer());
    if (
      !verifyWhatsappSignature(
        bytes,
        request.headers.get("x-hub-signature-256"),
        [secret],
      )
    ) {
      return new Response(null, { status: 401 });
    }
    const body = JSON.parse(new TextDecoder().decode(bytes)) as Body;
    for (const message of body.entry[0]!.changes[0]!.value.messages) {
      await sql`insert into bare.messages (wamid, payload) values (${message.id}, ${
        sql.json(message)
      })
      on conflict do nothing`;
    }
    return new Response("{}", { status: 200 });
  },
);
