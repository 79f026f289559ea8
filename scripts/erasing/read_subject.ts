import * as z from "zod";
import { readPhoneDigits } from "../../supabase/functions/_shared/domain/rollout/rollout_key.ts";
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
    phone !== undefined && !/^[1-9][0-9]{7,14}$/.test(readPhoneDigits(phone) ?? "")
  ) {
    throw new Error(`Cannot look for "${phone}": --phone is a number with its country's code`);
  }
  if (bsuid !== undefined && !/^[A-Z]{2}\.[0-9A-Za-z]{1,128}$/.test(bsuid)) {
    throw new Error(
      `Cannot look for "${bsuid}": --bsuid is two letters, a dot, letters and digits, as in US.1349120865530274`,
    );
  }
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
