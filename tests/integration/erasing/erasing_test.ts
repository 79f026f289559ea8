import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { eraseOrganization } from "../../../scripts/erase_organization.ts";
import { erasePerson } from "../../../scripts/erase_person.ts";
import { exportOrganization } from "../../../scripts/export_organization.ts";
import { exportPerson } from "../../../scripts/export_person.ts";
import { createKeys } from "../../../scripts/local/create_keys.ts";
import { functionEnvironment } from "../../../scripts/local/function_environment.ts";
import { openDatabase } from "../../../scripts/local/open_database.ts";
import { verify } from "../../../scripts/verify.ts";
import { createRecordingStorage } from "../../../supabase/functions/_shared/providers/storage/create_recording_storage.ts";
import { callFunction } from "../../support/call_function.ts";
import { controlSimulator } from "../../support/control_simulator.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import {
  deliver,
  eventually,
  setRollout,
  writeDelivery,
  writeMessage,
} from "../../support/whatsapp.ts";
import {
  type CallTenant,
  createCallTenant,
  describeLife,
  newCallId,
  sendMessage,
} from "../calls/support.ts";
import { injectFault, listSubscriptions, readVapi } from "../support/workspace.ts";

const stack = readStack();
const environment = functionEnvironment({
  url: stack.url,
  keys: await createKeys(stack.state_folder),
  secretKey: stack.secret_key,
  publishableKey: stack.publishable_key,
  ownsSigningKey: true,
  simulators: stack.simulators,
  overrides: { PROVIDER_RETRY_BASE_MILLISECONDS: "1" },
});
const read = (name: string) => environment[name];

let numbers = 0;
/** A number that nobody else has, whoever is left in the database: others' begin in another way. */
const newNumber = () =>
  `25072${String(randomInt(100_000)).padStart(5, "0")}${String(numbers += 1).padStart(2, "0")}`;

/** Tables with a row that has this text, partitions included. */
async function findEverywhere(text: string): Promise<string[]> {
  const database = openDatabase(stack.database_url, { connections: 1 });
  try {
    const tables = await database.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_catalog.pg_tables
       where schemaname in ('public', 'private', 'partitions') order by 1`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const [row] = await database.query<{ there: boolean }>(
        `select exists (select 1 from ${name} as t where position($1 in t::text) > 0) as there`,
        [text],
      );
      if (row?.there === true) found.push(name);
    }
    return found;
  } finally {
    await database.close();
  }
}

/** Somebody writes and calls: a message, and a call that has ended, at Vapi too. */
async function meet(tenant: CallTenant, number: string): Promise<string> {
  const { phoneNumberId } = tenant.accounts.whatsapp;
  const message = writeMessage({ from: number, text: `my words are heliotrope ${number}` });
  const contacts = [{ wa_id: number, profile: { name: `Person ${number}` } }];
  assert.equal(
    (await deliver(writeDelivery(phoneNumberId, { messages: [message], contacts }))).status,
    200,
  );
  const callId = newCallId();
  await controlSimulator("vapi", "POST", {
    path: "calls",
    body: { account: tenant.accounts.vapi.key, call: { id: callId, status: "ended" } },
  });
  for (const event of describeLife(callId, { customer: `+${number}` })) {
    assert.equal((await sendMessage(tenant, event)).status, 200);
  }
  await eventually(
    () => findEverywhere(number),
    (found) =>
      found.includes("public.call_tracking") && found.includes("public.contact_identities"),
  );
  return callId;
}

async function hasCall(tenant: CallTenant, id: string): Promise<boolean> {
  const answer = await fetch(`${stack.simulators.vapi}/call/${id}`, {
    headers: { authorization: `Bearer ${tenant.accounts.vapi.key}` },
  });
  await answer.body?.cancel();
  return answer.status === 200;
}

/** A call back that Vapi was asked for and of which nobody heard, made at Vapi all the same. */
async function callBackUnheard(tenant: CallTenant, number: string) {
  const [request] = await queryDatabase<{ id: string }>(
    `insert into public.call_requests (org_id, contact_id, reason, state, intended_at, due_at, intent)
     select identity.org_id, identity.contact_id, 'heliotrope', 'intended', now() - interval '3 minutes', now() + interval '1 hour',
       jsonb_build_object('assistant_id', $2::text, 'phone_number_id', 'p', 'fingerprint', integration.fingerprint, 'fencing_token', 1)
     from public.contact_identities as identity
     join public.integrations as integration on integration.org_id = identity.org_id and integration.provider = 'vapi'
     where identity.org_id = $1::text::uuid and identity.value = $3
     returning id`,
    [tenant.orgId, tenant.assistants.outbound, number],
  );
  const callId = newCallId();
  await controlSimulator("vapi", "POST", {
    path: "calls",
    body: {
      account: tenant.accounts.vapi.key,
      call: {
        id: callId,
        status: "ended",
        name: `cb-${request!.id}`,
        assistantId: tenant.assistants.outbound,
      },
    },
  });
  return {
    callId,
    /** As after the worker's last look. */
    giveUp: () =>
      queryDatabase(
        "update public.call_requests set state = 'unknown', unknown_at = now() where id = $1::text::uuid",
        [request!.id],
      ),
  };
}

/** What audit_log says of erasings and exports, oldest first. */
const readRecords = async (orgId: string) =>
  await queryDatabase<{ actor: string; action: string; subject: string | null; rows: number }>(
    `select actor, action, subject, (select sum(value::integer)::integer from jsonb_each_text(details -> 'rows')) as rows
     from public.audit_log where (org_id = $1::text::uuid or subject = $1) and action ~ '_(erased|exported)$' order by created_at`,
    [orgId],
  );

/** As a recording that was stored is. */
async function keepRecording(tenant: CallTenant, callId: string, said: string): Promise<void> {
  const path = `${tenant.orgId}/${callId}.wav`;
  await createRecordingStorage({ supabaseUrl: stack.url, secretKey: stack.secret_key }).upload(
    path,
    { body: new Blob([said]).stream(), contentType: "audio/wav", length: null },
    { signal: AbortSignal.timeout(10_000) },
  );
  const kept = await queryDatabase(
    "update public.calls set recording_storage_path = $1 where vapi_call_id = $2 returning 1",
    [path, callId],
  );
  assert.equal(kept.length, 1);
}

/** Every file of an export by its path within, the recordings excepted. */
function readFolder(folder: string, within = ""): { [path: string]: string } {
  const files: { [path: string]: string } = {};
  for (const { name, isDirectory } of Deno.readDirSync(join(folder, within))) {
    const path = join(within, name);
    if (!isDirectory) files[path] = Deno.readTextFileSync(join(folder, path));
    else if (name !== "files") Object.assign(files, readFolder(folder, path));
  }
  return files;
}

async function run(
  erase: typeof eraseOrganization,
  args: string[],
): Promise<{ done: boolean; text: string }> {
  const lines: string[] = [];
  const done = await erase(args, { read, print: (line) => lines.push(line) });
  return { done, text: lines.join("\n") };
}

Deno.test("a person is exported, then erased at Vapi and here, and nobody else is", async () => {
  const tenant = await createCallTenant();
  const number = newNumber();
  const other = newNumber();
  const callId = await meet(tenant, number);
  const otherCallId = await meet(tenant, other);
  const whom = ["--org", tenant.orgId, "--phone", `+${number.slice(0, 3)} ${number.slice(3)}`];

  const folder = join(await Deno.makeTempDir(), "person");
  await keepRecording(tenant, callId, "what was said");
  await keepRecording(tenant, otherCallId, "what another said");
  const text = await exportPerson([...whom, "--to", folder, "--actor", "ada"], { read });
  assert.match(text, /^1 {2}recordings$/m);
  const recordings = join(folder, "files", "recordings", tenant.orgId);
  assert.deepEqual([...Deno.readDirSync(recordings)].map(({ name }) => name), [`${callId}.wav`]);
  assert.equal(await Deno.readTextFile(join(recordings, `${callId}.wav`)), "what was said");
  const without = `${folder}-without`;
  await exportPerson([...whom, "--to", without, "--actor", "ada", "--without-files"], { read });
  assert.ok(![...Deno.readDirSync(without)].some(({ name }) => /^(?:files|vapi)$/.test(name)));
  const files = readFolder(folder);
  const names = Object.keys(files).sort();
  assert.ok(names.includes("public.inbound_messages.jsonl"), names.join(" "));
  const atVapi = names.filter((name) => name.startsWith("vapi"));
  assert.deepEqual(atVapi, [join("vapi", "calls", `${callId}.json`)]);
  const exported = Object.values(files).join("\n");
  assert.ok(exported.includes("heliotrope") && exported.includes(callId));
  assert.ok(!exported.includes(other), "nothing of another person is exported");
  await assert.rejects(exportPerson([...whom, "--to", folder], { read }), /it exists already/);

  const plan = await run(erasePerson, whom);
  assert.match(plan.text, /1 {2}calls at Vapi/);
  assert.ok(await hasCall(tenant, callId), "a dry run changes nothing");
  assert.ok((await findEverywhere(number)).length > 3);

  const confirm = ["--confirm", tenant.name, "--actor", "ada"];
  const unheard = await callBackUnheard(tenant, number);
  const early = await run(erasePerson, [...whom, ...confirm]);
  assert.deepEqual([early.done, early.text.includes("whether a call back was made")], [
    false,
    true,
  ]);
  await unheard.giveUp();
  {
    await using _fault = await injectFault("vapi", tenant.accounts.vapi.key, {
      path: "/call/**",
      method: "DELETE",
      mode: "status",
      status: 400,
    });
    const refused = await run(erasePerson, [...whom, ...confirm]);
    assert.equal(refused.done, false);
    assert.ok(refused.text.includes(`not erased  vapi: call ${callId}`), refused.text);
    assert.ok((await findEverywhere(number)).includes("public.contact_identities"), "no row went");
  }
  assert.ok(await hasCall(tenant, unheard.callId));
  const wrong = await run(erasePerson, [...whom, "--confirm", "Another"]);
  assert.deepEqual([wrong.done, wrong.text.includes("name")], [false, true]);
  const erased = await run(erasePerson, [...whom, ...confirm]);
  assert.ok(erased.done, erased.text);
  assert.deepEqual(await findEverywhere(number), []);
  assert.equal(await hasCall(tenant, callId), false);
  assert.equal(await hasCall(tenant, unheard.callId), false, "found by its name");
  assert.ok(await hasCall(tenant, otherCallId));
  const records = await readRecords(tenant.orgId);
  assert.deepEqual(records.map(({ actor, action, subject }) => [actor, action, subject]), [
    ["ada", "person_exported", null],
    ["ada", "person_exported", null],
    ["ada", "person_erased", null],
  ]);
  assert.ok(records.every(({ rows }) => rows > 3), JSON.stringify(records));
  assert.ok((await findEverywhere(other)).includes("public.contact_identities"));
});

Deno.test("an organization is exported without secrets, then erased everywhere", async () => {
  const tenant = await createCallTenant();
  const { vapi, whatsapp } = tenant.accounts;
  await setRollout(tenant.orgId, 100);
  const number = newNumber();
  const callId = await meet(tenant, number);
  const whom = ["--org", tenant.orgId];

  const folder = join(await Deno.makeTempDir(), "organization");
  await exportOrganization([...whom, "--to", folder], { read });
  const files = readFolder(folder);
  const names = Object.keys(files);
  const exported = Object.values(files).join("\n");
  assert.ok(names.includes("private.integration_credentials.jsonl"), names.join(" "));
  assert.ok(exported.includes("heliotrope") && exported.includes(callId));
  for (const secret of [vapi.key, whatsapp.token, "ciphertext", "eyJhbGciOiJkaXIi"]) {
    assert.ok(!exported.includes(secret), secret.slice(0, 4));
  }

  const confirm = ["--confirm", tenant.name];
  const reachable = async () =>
    (await readVapi(vapi.key)).phoneNumbers.filter(({ assistantId, server }) =>
      (assistantId ?? server ?? null) !== null
    ).length;
  assert.equal(await reachable(), 1);
  {
    await using _fault = await injectFault("vapi", vapi.key, {
      path: "/call/**",
      method: "DELETE",
      mode: "status",
      status: 400,
    });
    const refused = await run(eraseOrganization, [...whom, ...confirm]);
    assert.equal(refused.done, false, refused.text);
    assert.equal(await reachable(), 0, "nobody calls any more while calls are deleted");
    assert.ok(await hasCall(tenant, callId));
  }
  {
    await using _fault = await injectFault("vapi", vapi.key, {
      path: "/assistant/**",
      method: "DELETE",
      mode: "status",
      status: 400,
    });
    const refused = await run(eraseOrganization, [...whom, ...confirm]);
    assert.equal(refused.done, false, refused.text);
    assert.match(refused.text, /not erased {2}vapi: assistant/);
    const [row] = await queryDatabase<{ connected: boolean }>(
      "select connected from public.integrations where org_id = $1::text::uuid and provider = 'vapi'",
      [tenant.orgId],
    );
    assert.equal(row?.connected, true, "what is needed to try again is there");
  }
  const erased = await run(eraseOrganization, [...whom, ...confirm]);
  assert.ok(erased.done, erased.text);
  const left = (await findEverywhere(tenant.orgId)).filter((name) => name !== "public.audit_log");
  assert.deepEqual(left, []);
  assert.deepEqual(await findEverywhere(number), []);
  assert.deepEqual((await readVapi(vapi.key)).assistants, []);
  assert.deepEqual(await listSubscriptions(whatsapp.token), []);
  assert.equal(await hasCall(tenant, callId), false);
  assert.equal((await readRecords(tenant.orgId)).at(-1)?.action, "organization_erased");
  const again = await run(eraseOrganization, [...whom, ...confirm]);
  assert.deepEqual([again.done, again.text.includes("nobody is known by that")], [false, true]);
});

Deno.test("an export has calls as Vapi has them, or says why not, or fails", async () => {
  const tenant = await createCallTenant();
  const { key } = tenant.accounts.vapi;
  const callId = await meet(tenant, newNumber());
  const goneId = await meet(tenant, newNumber());
  const call = { id: callId, status: "ended", artifact: { transcript: "AI: heliotrope?" } };
  await controlSimulator("vapi", "POST", { path: "calls", body: { account: key, call } });
  const deleted = await fetch(`${stack.simulators.vapi}/call/${goneId}`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${key}` },
  });
  await deleted.body?.cancel();
  assert.equal(deleted.status, 200);
  const parent = await Deno.makeTempDir();
  const exportTo = (name: string, options: string[] = [], readOther = read) =>
    exportOrganization(["--org", tenant.orgId, "--to", join(parent, name), ...options], {
      read: readOther,
    });
  const readManifest = (name: string) =>
    JSON.parse(Deno.readTextFileSync(join(parent, name, "manifest.json")));

  const text = await exportTo("whole");
  assert.match(text, /^1 {2}calls as Vapi has them$/m);
  assert.ok(text.includes(`not at Vapi  ${goneId}`), text);
  const files = readFolder(join(parent, "whole"));
  const written = JSON.parse(files[join("vapi", "calls", `${callId}.json`)] ?? "null");
  const asked = await fetch(`${stack.simulators.vapi}/call/${callId}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  assert.deepEqual(written, await asked.json());
  assert.deepEqual(written.artifact, call.artifact);
  const manifest = readManifest("whole");
  assert.deepEqual(manifest.vapi_calls, {
    written: 1,
    missing: [goneId],
    ids_only: 0,
    unreadable: null,
  });
  assert.equal(manifest.only_ids_of_vapi_assistants_tools_and_files, 2);

  {
    await using _fault = await injectFault("vapi", key, {
      path: "/call/**",
      method: "GET",
      mode: "status",
      status: 401,
    });
    await assert.rejects(exportTo("refused"), /Cannot read call ".*--without-files/);
    assert.deepEqual([...Deno.readDirSync(parent)].map(({ name }) => name).sort(), [
      "refused.partial",
      "whole",
    ]);
    await exportTo("without", ["--without-files"]);
    assert.match(readManifest("without").vapi_calls, /^left out/);
  }
  const keyless = await exportTo(
    "keyless",
    [],
    (name) => name === "CREDENTIAL_KEYS" ? undefined : read(name),
  );
  assert.match(keyless, /^2 {2}calls by their ids alone: CREDENTIAL_KEYS is not set$/m);
  const { token } = tenant.owner;
  const disconnected = await callFunction("workspace-save/vapi", { method: "DELETE", token });
  assert.equal(disconnected.status, 200, disconnected.text);
  assert.match(await exportTo("alone"), /^2 {2}calls by their ids alone: Vapi is not connected$/m);
  const { written: none, ids_only, unreadable } = readManifest("alone").vapi_calls;
  assert.deepEqual([none, ids_only, unreadable], [0, 2, "Vapi is not connected"]);
  const outside = Deno.readTextFileSync(join(parent, "alone", "outside.jsonl"));
  assert.ok(outside.includes(callId) && outside.includes(goneId));
});

Deno.test("a release is verified through the data API", async () => {
  const { text } = await verify([], { read });
  assert.match(text, /^pass {2}functions$/m);
  assert.match(text, /^pass {2}row_level_security: tables of others without it 0$/m);
});
