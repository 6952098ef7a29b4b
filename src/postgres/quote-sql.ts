/** A name as SQL takes it literally, whatever characters it holds. */
export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text as SQL takes it, with `standard_conforming_strings` as PostgreSQL has it. */
export const quoteLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;
