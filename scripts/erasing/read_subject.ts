import * as z from "zod";
import type { Subject } from "../../supabase/functions/_shared/ports_erasing.ts";

const uuid = z.guid();

export const ORGANIZATION_OPTIONS = { org: { type: "string" } } as const;
export const PERSON_OPTIONS = {
  ...ORGANIZATION_OPTIONS,
  phone: { type: "string" },
  bsuid: { type: "string" },
  contact: { type: "string" },
} as const;

/** Whom the arguments name: an organization, or with exactly one more a person of it. Throws. */
export function readSubject(
  { org, phone, bsuid, contact }: {
    org?: string | undefined;
    phone?: string | undefined;
    bsuid?: string | undefined;
    contact?: string | undefined;
  },
  { person }: { person: boolean },
): Subject {
  if (org === undefined || !uuid.safeParse(org).success) {
    throw new Error(`Cannot look for "${org ?? ""}": --org is an organization's id (see --help)`);
  }
  if (contact !== undefined && !uuid.safeParse(contact).success) {
    throw new Error(`Cannot look for "${contact}": --contact is a contact's id`);
  }
  if (
    phone !== undefined && !/^[1-9][0-9]{7,14}$/.test(phone.replace(/\D/g, "").replace(/^0+/, ""))
  ) {
    throw new Error(`Cannot look for "${phone}": --phone is a number with its country's code`);
  }
  if (bsuid?.trim() === "") throw new Error('Cannot look for "": --bsuid is empty');
  const names = {
    ...(phone === undefined ? {} : { phone }),
    ...(bsuid === undefined ? {} : { bsuid }),
    ...(contact === undefined ? {} : { contact_id: contact }),
  };
  if (person && Object.keys(names).length !== 1) {
    throw new Error("Cannot look for a person: one of --phone, --bsuid and --contact is needed");
  }
  return { org_id: org, ...names };
}
