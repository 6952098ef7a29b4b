const PLACEHOLDER =
  /^<.*>$|^\[.*\]$|^\{.*\}$|x{3,}|\*{3,}|\.{3}|\$\{\{|change[-_ ]?(?:me|this|it)|\byour?(?:\b|[-_])|replace|placeholder|to-?do\b|fix-?me|\binsert\b|\benter[-_ ]|fill[-_ ]?(?:me|in)|\bset[-_ ]?me\b|example\.(?:com|org|net)|here$/i;

/** True for what a sample file says in place of a value: to be replaced by whoever copies it. */
export const isPlaceholder = (value: string): boolean => value.trim() === '' || PLACEHOLDER.test(value.trim());
