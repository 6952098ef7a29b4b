import type { RunReport } from '../core/report.ts';

/** The one document of --json. */
export const renderJson = (report: RunReport): string => `${JSON.stringify(report, null, 2)}\n`;
