/** Never settles: nothing after it runs, as in a process that was killed. */
const DEAD = new Promise<never>(() => {});

export type Mortal = {
  /** The object, whose methods' awaits are the moments at which its user may die. */
  wrap<T extends object>(ports: T): T;
  /** Resolves when it has died. */
  died: Promise<void>;
};

/**
 * Lets a piece of work die at its nth await of a port: before the call (even moments), or after the
 * call took effect and before its answer arrived (odd ones).
 */
export function dieAt(moment: number): Mortal {
  let next = 0;
  const { promise: died, resolve } = Promise.withResolvers<void>();
  const isTime = () => next++ === moment;
  const die = () => {
    resolve();
    return DEAD;
  };

  function wrapCall(call: (...input: unknown[]) => unknown) {
    return async (...input: unknown[]) => {
      if (isTime()) return await die();
      const answer = await call(...input);
      if (isTime()) return await die();
      return typeof answer === "object" && answer !== null && "send" in answer &&
          typeof answer.send === "function"
        ? wrap(answer)
        : answer;
    };
  }

  function wrap<T extends object>(ports: T): T {
    return Object.fromEntries(
      Object.entries(ports).map(([name, part]) => [
        name,
        typeof part === "function" ? wrapCall(part as (...input: unknown[]) => unknown) : part,
      ]),
    ) as T;
  }
  return { wrap, died };
}
