import { ProviderError } from "../errors.ts";
import type { ConnectKnowledge } from "../ports_knowledge_sync.ts";
import type { ErasureStore } from "../ports_erasing.ts";
import type { WorkspaceStore } from "../ports.ts";
import { holdWorkspace } from "./hold_workspace.ts";
import { listOwnAssistants } from "./list_own_assistants.ts";
import { mapConcurrently } from "./map_concurrently.ts";
import { openCredentials } from "./open_credentials.ts";
import { isSealed } from "./prepare_credentials.ts";
import { releaseWorkspace } from "./release_workspace.ts";
import type { UndoPorts } from "./undo_connection.ts";

export type EraseWorkspacePorts = Omit<UndoPorts, "connect"> & {
  connect: ConnectKnowledge;
  workspace: WorkspaceStore;
  erasure: ErasureStore;
  documents: { remove(paths: string[]): Promise<void> };
};

const AT_ONCE = 4;

/**
 * Takes back what an organization has at its providers: the number's binding, the webhook's
 * subscription, query tools, files and assistants at Vapi, and its documents in Storage. The
 * credentials stay, so that whatever is cut off can be tried again.
 * @returns how many objects are gone, and what is still there, for people
 * @throws AppError `conflict` while somebody changes the workspace
 */
export async function eraseWorkspaceOutside(
  ports: EraseWorkspacePorts,
  { orgId, requestId }: { orgId: string; requestId: string },
): Promise<{ objects: number; problems: string[] }> {
  const erased = { objects: 0, problems: new Array<string>() };
  const kept = await ports.erasure.listKeptOutside({ org_id: orgId, after: null, limit: 1 });
  await holdWorkspace(
    ports,
    { orgId, userId: "", requestId, operation: "workspace_disconnect" },
    async (held) => {
      held.report.outcome = "succeeded";
      held.report.details = { erasing: true };
      // Closed before, and perhaps bound again by a sync since.
      erased.problems.push(...await releaseWorkspace(ports, { orgId, held }));
      const row = held.integrations.find(({ provider }) => provider === "vapi");
      const { vapi: secrets } = row !== undefined && isSealed(row)
        ? await openCredentials(ports.cipher, orgId, row)
        : {};
      const recorded = kept.assistant_ids.length + kept.knowledge_tool_ids.length +
        kept.knowledge_file_ids.length;
      if (secrets === undefined) {
        if (recorded > 0) {
          erased.problems.push(`vapi: ${recorded} objects: it is not connected`);
        }
        return;
      }
      const vapi = ports.connect.vapi(secrets, held.record);
      const remove = async (name: string, ids: string[], one: (id: string) => Promise<void>) =>
        await mapConcurrently([...new Set(ids)], AT_ONCE, async (id) => {
          await attempt(`${name} ${id}`, async () => {
            await one(id);
            erased.objects += 1;
          });
        });
      // Tools name files, and assistants name tools: who names goes before who is named.
      await attempt("assistants", async () => {
        const own = await listOwnAssistants(vapi, { orgId });
        const ids = [...kept.assistant_ids, ...own.map(({ id }) => id)];
        await remove("assistant", ids, (id) => vapi.deleteAssistant(id));
      });
      await remove("tool", kept.knowledge_tool_ids, (id) => vapi.deleteTool(id));
      await attempt("files", async () => {
        const own = (await vapi.listFiles()).filter(({ metadata }) => metadata.org_id === orgId);
        const ids = [...kept.knowledge_file_ids, ...own.map(({ id }) => id)];
        await remove("file", ids, (id) => vapi.deleteFile(id));
      });
    },
  );
  if (kept.files.length > 0) await ports.documents.remove(kept.files);
  return erased;

  async function attempt(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      erased.problems.push(`vapi: ${name}: ${error.reason}`);
    }
  }
}
