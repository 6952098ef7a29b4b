const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** `2 hours ago`; `just now` under a minute, and where clocks disagree. */
export const describeAge = (then: string, now: Date): string => {
  const seconds = (now.getTime() - Date.parse(then)) / 1000;
  for (const [name, size] of UNITS) {
    const count = Math.floor(seconds / size);
    if (count >= 1) return `${count} ${name}${count === 1 ? '' : 's'} ago`;
  }
  return 'just now';
};
