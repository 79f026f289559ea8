import type { TwilioCredentials } from "../domain/workspace/complete_credentials.ts";
import type { FieldError } from "../errors.ts";
import type { Connect, RecordProviderCall, TwilioPublicConfig } from "../ports.ts";
import { type CheckOutcome, readFailure, readOptions, readRefusal } from "./check_outcome.ts";

/** Checks side by side that the account is active and that it owns the number, which has voice. */
export async function checkTwilioAccount(
  ports: { connect: Connect; record: RecordProviderCall; signal?: AbortSignal },
  { account_sid, auth_token, from_number }: TwilioCredentials,
): Promise<CheckOutcome> {
  const twilio = ports.connect.twilio(
    { account_sid, auth_token },
    ports.record,
    readOptions(ports),
  );
  const [account, number] = await Promise.allSettled([
    twilio.readAccount(),
    twilio.findNumber(from_number),
  ]);

  const errors: FieldError[] = [];
  const accountRefusal = readRefusal(account);
  const numberRefusal = readRefusal(number);
  const unauthorized = [accountRefusal, numberRefusal].find((refusal) =>
    refusal?.failure === "unauthorized"
  );
  if (unauthorized) {
    // One bad token makes both calls fail: one entry.
    errors.push({
      field: "twilio_auth_token",
      detail: `Twilio refused the account SID and token: ${unauthorized.reason}`,
    });
  } else if (accountRefusal !== null) {
    errors.push({
      field: "twilio_account_sid",
      detail: `Twilio refused the account: ${accountRefusal.reason}`,
    });
  } else if (
    account.status === "fulfilled" && account.value.status !== "active"
  ) {
    errors.push({
      field: "twilio_account_sid",
      detail: `Twilio says that the account is ${account.value.status}, not active`,
    });
  }
  if (errors.length === 0 && numberRefusal !== null) {
    errors.push({
      field: "twilio_from_number",
      detail: `Twilio refused the number: ${numberRefusal.reason}`,
    });
  } else if (number.status === "fulfilled" && number.value === null) {
    errors.push({
      field: "twilio_from_number",
      detail: `the Twilio account does not own "${from_number}"`,
    });
  } else if (number.status === "fulfilled" && number.value?.voice === false) {
    errors.push({
      field: "twilio_from_number",
      detail: `"${from_number}" cannot take calls: Twilio lists it without the voice capability`,
    });
  }
  if (errors.length > 0) return { outcome: "failed", errors };

  const failure = readFailure(account) ?? readFailure(number);
  if (failure !== null) return { outcome: "unreachable", error: failure };
  const friendly_name = account.status === "fulfilled" ? account.value.friendly_name : "";
  const public_config: TwilioPublicConfig = { account_sid, from_number, friendly_name };
  return { outcome: "passed", public_config };
}
