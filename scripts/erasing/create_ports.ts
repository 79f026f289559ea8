import {
  chooseServiceKeys,
  readEnvironment,
  type VariableName,
} from "../../supabase/functions/_shared/env.ts";
import { createLogger } from "../../supabase/functions/_shared/log.ts";
import { createConnect } from "../../supabase/functions/_shared/providers/create_connect.ts";
import { createPolicy } from "../../supabase/functions/_shared/providers/resilience/create_policy.ts";
import { createDocumentStorage } from "../../supabase/functions/_shared/providers/storage/create_document_storage.ts";
import { createFileReader } from "../../supabase/functions/_shared/providers/storage/create_file_reader.ts";
import { createRecordingStorage } from "../../supabase/functions/_shared/providers/storage/create_recording_storage.ts";
import { createAgentSyncStore } from "../../supabase/functions/_shared/providers/supabase/agent_sync_store.ts";
import { createDatabase } from "../../supabase/functions/_shared/providers/supabase/create_database.ts";
import { createCredentialCipher } from "../../supabase/functions/_shared/providers/supabase/credential_cipher.ts";
import { createCredentialStore } from "../../supabase/functions/_shared/providers/supabase/credential_store.ts";
import { createErasureStore } from "../../supabase/functions/_shared/providers/supabase/erasure_store.ts";
import { createWorkspaceStore } from "../../supabase/functions/_shared/providers/supabase/workspace_store.ts";
import { createConnectCalls } from "../../supabase/functions/_shared/providers/vapi/calls.ts";
import type { ReadStoredFile } from "../../supabase/functions/_shared/ports_erasing.ts";
import type { EraseDataPorts } from "../../supabase/functions/_shared/services/erase_data.ts";
import { PROJECT_VARIABLES, readProject } from "../read_project.ts";

export type Read = (name: string) => string | undefined;

/** A page of a large organization is sorted first. */
const TIMEOUT_MILLISECONDS = 120_000;

export type ExportPorts = Pick<EraseDataPorts, "erasure" | "credentials" | "connectCalls"> & {
  readFile: ReadStoredFile;
  /** Null without CREDENTIAL_KEYS: who hasn't got them may still export what is kept here. */
  cipher: EraseDataPorts["cipher"] | null;
};

/** What reading needs. */
export function createExportPorts(read: Read): ExportPorts {
  const project = readProject(read);
  const database = createDatabase({ ...project, timeoutMilliseconds: TIMEOUT_MILLISECONDS });
  return {
    erasure: createErasureStore(database),
    readFile: createFileReader(project),
    credentials: createCredentialStore(database),
    cipher: (read("CREDENTIAL_KEYS") ?? "").trim() === ""
      ? null
      : createCredentialCipher(readEnvironment(["CREDENTIAL_KEYS"], read).CREDENTIAL_KEYS),
    connectCalls: createConnectCalls({
      baseUrl: readEnvironment(["VAPI_API_URL"], read).VAPI_API_URL,
      policy: createPolicy(),
    }),
  };
}

/** What erasing needs besides: the providers, and Storage. */
export function createErasePorts(read: Read): EraseDataPorts {
  const names = [
    ...PROJECT_VARIABLES,
    "CREDENTIAL_KEYS",
    "VAPI_WEBHOOK_SECRET",
    "PUBLIC_FUNCTIONS_URL",
    "VAPI_API_URL",
    "TWILIO_API_URL",
    "WHATSAPP_GRAPH_URL",
    "WHATSAPP_GRAPH_VERSION",
  ] as const satisfies VariableName[];
  const environment = readEnvironment(names, read);
  const supabaseUrl = environment.SUPABASE_URL;
  const secretKey = chooseServiceKeys(environment).serviceKey;
  const database = createDatabase({
    supabaseUrl,
    secretKey,
    timeoutMilliseconds: TIMEOUT_MILLISECONDS,
  });
  const storage = { supabaseUrl, secretKey };
  return {
    erasure: createErasureStore(database),
    workspace: createWorkspaceStore(database),
    agents: createAgentSyncStore(database),
    credentials: createCredentialStore(database),
    cipher: createCredentialCipher(environment.CREDENTIAL_KEYS),
    connect: createConnect({
      vapiUrl: environment.VAPI_API_URL,
      twilioUrl: environment.TWILIO_API_URL,
      whatsappGraphUrl: environment.WHATSAPP_GRAPH_URL,
      whatsappGraphVersion: environment.WHATSAPP_GRAPH_VERSION,
    }),
    connectCalls: createConnectCalls({
      baseUrl: environment.VAPI_API_URL,
      policy: createPolicy(),
    }),
    recordings: createRecordingStorage(storage),
    documents: createDocumentStorage(storage),
    webhook: {
      functionsUrl: environment.PUBLIC_FUNCTIONS_URL,
      secrets: environment.VAPI_WEBHOOK_SECRET,
    },
    clock: Date.now,
    // What is worth reading is printed.
    logger: createLogger({ functionName: "erase", level: "CRITICAL" }),
  };
}
