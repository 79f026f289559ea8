/** A refusal of the Management API: answered with this status as `{"message"}`. */
export class ManagementError extends Error {
  override readonly name = "ManagementError";
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
