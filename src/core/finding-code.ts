/** The finding that tells of an error: `DATABASE_MISSING` is `database-missing`. */
export const findingCode = (errorCode: string): string => errorCode.toLowerCase().replaceAll('_', '-');
