/** Why a value cannot be what was meant. */
export type ValueFault = 'empty' | 'masked' | 'unexpanded';

/** Three stars are what a log shows in place of a secret; whoever copies from there copies them. Never a host, name or password. */
const MASKED = /^\*{3,}$/;
const EXPRESSION = /\$\{\{/;
/** `${NAME}`, and `$NAME` in capitals: a password may begin with a dollar. */
const VARIABLE = /^(?:\$\{\w+(?::?-[^}]*)?\}|\$[A-Z_][A-Z0-9_]*|%[A-Z_][A-Z0-9_]*%)$/;

/** Judges one piece of an address: a host, a database's name, a user, a password. */
export const judgeValue = (value: string): ValueFault | null => {
  const text = value.trim();
  if (text === '') return 'empty';
  if (MASKED.test(text)) return 'masked';
  return EXPRESSION.test(text) || VARIABLE.test(text) ? 'unexpanded' : null;
};

/** Judges a whole URL, without being able to read it: what is masked or unexpanded is often no URL at all. */
export const judgeUrl = (url: string): ValueFault | null => {
  const whole = judgeValue(url);
  if (whole !== null) return whole;
  const rest = url.trim().replace(/^[a-z][a-z0-9+.-]*:\/\//i, '');
  // The last @ of what stands before the path ends the credentials; an @ in a password may be unencoded.
  const at = rest.lastIndexOf('@');
  const [user = '', ...password] = rest.slice(0, Math.max(at, 0)).split(':');
  const [place = '', path = ''] =
    rest
      .slice(at + 1)
      .split(/[?#]/)[0]
      ?.split(/\/(.*)/s) ?? [];
  const pieces = [user, password.join(':'), place.replace(/:\d*$/, ''), place, path];
  return pieces.map((piece) => (piece === '' ? null : judgeValue(piece))).find((fault) => fault !== null) ?? null;
};
