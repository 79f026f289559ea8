import { openVapiCalls } from "../../supabase/functions/_shared/services/open_vapi_calls.ts";
import type { ExportPorts } from "./create_ports.ts";
import type { CallsSource } from "./write_calls.ts";

/** Opens the organization's own account at Vapi, or says why it can't be. */
export async function openCalls(
  { credentials, cipher, connectCalls }: ExportPorts,
  { org_id }: { org_id: string },
): Promise<CallsSource> {
  if (cipher === null) return { unreadable: "CREDENTIAL_KEYS is not set" };
  return await openVapiCalls({ credentials, cipher, connectCalls }, { org_id }) ??
    { unreadable: "Vapi is not connected" };
}
