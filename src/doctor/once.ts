/** Does the work on the first call; every call gets the same answer, or the same failure. */
export const once = <T>(work: () => Promise<T> | T): (() => Promise<T>) => {
  let answer: Promise<T> | undefined;
  return () => (answer ??= Promise.resolve().then(work));
};
