/** A text as a YAML scalar: plain where nothing could mistake it, else in single quotes. Expressions stay as they are. */
export const yamlText = (text: string): string => {
  if (/^\$\{\{[^\n]*\}\}$/.test(text) || (/^[A-Za-z./][\w./@-]*(?: [\w./@=-]+)*$/.test(text) && !WORD.test(text))) {
    return text;
  }
  return `'${text.replaceAll("'", "''")}'`;
};

const WORD = /^(?:true|false|null|yes|no|on|off|y|n|\.|\.\.|\.inf|\.nan)$/i;

/** `NAME: value`, one a line. */
export const yamlMapping = (entries: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(entries).map(([name, value]) => `${name}: ${yamlText(value)}`);
