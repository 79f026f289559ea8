/**
 * Why a release can't go on: `invalid` what was asked for, `unauthorized` the token, `not_found` the
 * project or a part of it, `unreachable` no answer or one of the other side's own failure, `refused`
 * the other side said no, `missing` something that a person has to provide, `failed` a check or a
 * step.
 */
export type ReleaseErrorCode =
  | "invalid"
  | "unauthorized"
  | "not_found"
  | "unreachable"
  | "refused"
  | "missing"
  | "failed";

/**
 * What a person who releases can act on: shown as it is, without a trace. The text reads
 * "Cannot <action> "<value>": <reason>" and holds no secret.
 */
export class ReleaseError extends Error {
  override readonly name = "ReleaseError";
  readonly code: ReleaseErrorCode;

  constructor(code: ReleaseErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
  }
}
