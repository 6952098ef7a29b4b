import process from 'node:process';

/** A time worth knowing; nothing asserts it. */
export const report = (what: string, seconds: number, more?: string): void => {
  process.stderr.write(`containers: ${what} took ${seconds.toFixed(1)} s${more === undefined ? '' : ` (${more})`}\n`);
};
