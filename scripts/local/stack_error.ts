/** A reason the stack can't start that a person can act on: shown as one line, without a trace. */
export class StackError extends Error {
  override readonly name = "StackError";
}
