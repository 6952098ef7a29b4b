/** A value that comes at some time, or never. */
export interface Later<T> {
  readonly promise: Promise<T>;
  /** undefined: not yet. */
  readonly value: () => T | undefined;
  readonly resolve: (value: T) => void;
}

export const later = <T>(): Later<T> => {
  let found: T | undefined;
  let settle: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return {
    promise,
    value: () => found,
    resolve: (value) => {
      found = value;
      settle(value);
    },
  };
};
