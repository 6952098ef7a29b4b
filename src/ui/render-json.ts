/** The one document of --json. */
export const renderJson = (report: object): string => `${JSON.stringify(report, null, 2)}\n`;
