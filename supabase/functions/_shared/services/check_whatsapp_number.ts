import type { WhatsappCredentials } from "../domain/workspace/complete_credentials.ts";
import type { FieldError } from "../errors.ts";
import type { Connect, RecordProviderCall, WhatsappPublicConfig } from "../ports.ts";
import { type CheckOutcome, readFailure, readOptions, readRefusal } from "./check_outcome.ts";

/**
 * Checks side by side that the token reads the number and the business account (WABA), and that
 * the one belongs to the other.
 */
export async function checkWhatsappNumber(
  ports: { connect: Connect; record: RecordProviderCall; signal?: AbortSignal },
  credentials: WhatsappCredentials,
): Promise<CheckOutcome> {
  const { phone_number_id, business_account_id, access_token, app_secret } = credentials;
  const whatsapp = ports.connect.whatsapp(
    { access_token, app_secret },
    ports.record,
    readOptions(ports),
  );
  const [number, account] = await Promise.allSettled([
    whatsapp.readPhoneNumber(phone_number_id),
    whatsapp.readBusinessAccount(business_account_id),
  ]);

  const errors: FieldError[] = [];
  const numberRefusal = readRefusal(number);
  const accountRefusal = readRefusal(account);
  const unauthorized = [numberRefusal, accountRefusal].find((refusal) =>
    refusal?.failure === "unauthorized"
  );
  if (unauthorized) {
    errors.push({
      field: "whatsapp_access_token",
      detail: `WhatsApp refused the token: ${unauthorized.reason}`,
    });
  } else {
    if (numberRefusal !== null) {
      errors.push({
        field: "whatsapp_phone_number_id",
        detail: `WhatsApp refused the phone number id: ${numberRefusal.reason}`,
      });
    }
    if (accountRefusal !== null) {
      errors.push({
        field: "whatsapp_business_account_id",
        detail: `WhatsApp refused the business account id: ${accountRefusal.reason}`,
      });
    }
  }
  if (
    number.status === "fulfilled" && account.status === "fulfilled" &&
    !account.value.phone_number_ids.includes(phone_number_id)
  ) {
    errors.push({
      field: "whatsapp_phone_number_id",
      detail:
        `"${phone_number_id}" does not belong to the business account "${business_account_id}"`,
    });
  }
  if (errors.length > 0) return { outcome: "failed", errors };

  const failure = readFailure(number) ?? readFailure(account);
  if (failure !== null) return { outcome: "unreachable", error: failure };
  if (number.status === "rejected") throw number.reason;
  const { display_phone_number, verified_name, quality_rating } = number.value;
  const public_config: WhatsappPublicConfig = {
    phone_number_id,
    business_account_id,
    display_phone_number,
    verified_name,
    quality_rating,
    has_app_secret: app_secret !== null,
  };
  return { outcome: "passed", public_config };
}
