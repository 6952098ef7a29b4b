export type FindVariable = (name: string) => string | undefined;

const REFERENCE = /\$(?:\$|\{([a-z_]\w*)(?:(:?[-?+])((?:[^{}$]|\$\{[^}]*\}|\$)*))?\}|([a-z_]\w*))/gi;

/**
 * Fills `${NAME}`, `$NAME` and `${NAME:-default}` in as compose does. What has no value here stays as it is written, so that two
 * places which say the same are still the same; `$$` is a dollar sign.
 */
export const interpolate = (text: string, find: FindVariable): string =>
  text.replaceAll(REFERENCE, (written, braced?: string, operator?: string, word = '', plain?: string) => {
    if (written === '$$') return '$';
    const value = find(braced ?? plain ?? '');
    const orEmpty = operator?.startsWith(':') === true && value === '' ? undefined : value;
    switch (operator?.at(-1)) {
      case '-':
        return orEmpty ?? interpolate(word, find);
      case '+':
        return orEmpty === undefined ? written : interpolate(word, find);
      default:
        return orEmpty ?? written;
    }
  });

/** True where a value depends on variables that are not known here. */
export const isOpen = (text: string): boolean => /\$\{?[a-z_]/i.test(text);
