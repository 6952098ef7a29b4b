const REFERENCE = /\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g;

/**
 * Replaces `${NAME}` and `${NAME:-default}` in the values of `names`. A reference to itself or in a circle, and one to a
 * variable that is not set, stays as it is written.
 */
export const expandValues = (
  values: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, string> => {
  const expandable = new Set(names);
  const expand = (name: string, pending: readonly string[]): string => {
    const value = values[name] ?? '';
    if (!expandable.has(name)) return value;
    return value.replaceAll(REFERENCE, (written: string, other: string, fallback: string | undefined) => {
      if ([...pending, name].includes(other)) return written;
      if (values[other] !== undefined && (values[other] !== '' || fallback === undefined)) {
        return expand(other, [...pending, name]);
      }
      return fallback ?? written;
    });
  };
  return Object.fromEntries(Object.keys(values).map((name) => [name, expand(name, [])]));
};
