import { fenceText } from "../conversation/fence_text.ts";

const NAME_LENGTH = 100;

/**
 * What an outbound assistant is told of a call, for the `{{call_reason}}` and `{{contact_name}}` of its
 * prompt. Both are what a person wrote: fenced as data, without the braces that Vapi's templates are
 * made of. Empty where nothing is known.
 * @param fence hexadecimal, made anew for every call
 */
export function writeVariables(
  { reason, contactName }: { reason: string; contactName: string | null },
  fence: string,
): { call_reason: string; contact_name: string } {
  return {
    call_reason: writeData(reason, fence),
    contact_name: writeData((contactName ?? "").slice(0, NAME_LENGTH), fence),
  };
}

function writeData(text: string, fence: string): string {
  const said = text.trim().replaceAll("{", "(").replaceAll("}", ")");
  return said === "" ? "" : fenceText(said, { fence, source: "person" });
}
