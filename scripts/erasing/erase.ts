import type { Subject } from "../../supabase/functions/_shared/ports_erasing.ts";
import {
  eraseData,
  type EraseDataPorts,
  isPerson,
} from "../../supabase/functions/_shared/services/erase_data.ts";
import { listKeptOutside } from "../../supabase/functions/_shared/services/list_kept_outside.ts";

const REFUSALS = {
  not_found: "nobody is known by that",
  name_differs: "--confirm is not the organization's name",
  has_children: "other organizations belong to it",
  calls_in_progress:
    "calls are going on, or it isn't known yet whether a call back was made (it is looked up at Vapi within minutes); --force goes on regardless",
};

/**
 * Prints what would be erased, or erases it where a name confirms it. Answers whether nothing is left
 * of what was asked for.
 */
export async function erase(
  ports: EraseDataPorts,
  { subject, confirm, force, actor, print }: {
    subject: Subject;
    confirm: string | undefined;
    force: boolean;
    actor: string | undefined;
    print: (line: string) => void;
  },
): Promise<boolean> {
  if (confirm === undefined) return await showPlan(ports, { subject, print });
  const erased = await eraseData(ports, {
    subject,
    name: confirm,
    force,
    requestId: `erase-${crypto.randomUUID()}`,
    ...(actor === undefined ? {} : { actor }),
  });
  if (erased.outcome === "kept") {
    for (const problem of erased.problems) print(`not erased  ${problem}`);
    print("No row was deleted, so that this can be tried again; --force goes on without it");
    if (!isPerson(subject)) {
      print(
        "The number's binding and the webhook are taken away already, as far as nothing above says " +
          "otherwise: nobody reaches the organization. Where it is to stay, its owner saves the workspace again",
      );
    }
    return false;
  }
  if (erased.outcome !== "erased") {
    print(`Cannot erase "${subject.org_id}": ${REFUSALS[erased.outcome]}`);
    return false;
  }
  for (const [what, count] of Object.entries(erased.outside)) print(`${count}  ${what} outside`);
  for (const [table, count] of Object.entries(erased.counts)) print(`${count}  ${table}`);
  for (const problem of erased.problems) print(`not erased  ${problem}`);
  print("erased");
  return erased.problems.length === 0;
}

async function showPlan(
  ports: EraseDataPorts,
  { subject, print }: { subject: Subject; print: (line: string) => void },
): Promise<boolean> {
  const kept = await ports.erasure.listKeptData(subject);
  if (kept.code === "not_found") {
    print(`Cannot erase "${subject.org_id}": ${REFUSALS.not_found}`);
    return false;
  }
  const outside = { unheard: 0, calls: 0, recordings: 0, objects: 0, documents: 0, in_progress: 0 };
  for await (const page of listKeptOutside(ports, { subject })) {
    outside.calls += page.calls.length;
    outside.unheard += page.call_requests.length;
    outside.recordings += page.calls.filter((call) => call.recording_storage_path !== null).length;
    outside.objects += page.assistant_ids.length + page.knowledge_tool_ids.length +
      page.knowledge_file_ids.length;
    outside.documents += page.files.length;
    outside.in_progress = page.in_progress;
  }
  print(`of the organization "${kept.name}" would be erased:`);
  for (const { table, rows, told } of kept.places) {
    print(
      `${rows}  ${table}${told ? " (of others too: only what is of this one is taken out)" : ""}`,
    );
  }
  print(
    `${outside.calls}  calls at Vapi, ${outside.objects} other objects there, ` +
      `${outside.recordings} recordings and ${outside.documents} documents in Storage`,
  );
  if (outside.unheard > 0) {
    print(`${outside.unheard}  calls back that may have been made, to be looked up at Vapi`);
  }
  if (outside.in_progress > 0) print(`${outside.in_progress}  calls are going on`);
  print(
    "export_organization and export_person write rows, recordings and documents; of what Vapi keeps only ids",
  );
  print('Nothing was changed: --confirm "<name of the organization>" erases');
  return true;
}
