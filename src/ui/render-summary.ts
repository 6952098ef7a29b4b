import type { RunReport } from '../core/report.ts';
export interface SummaryOptions { readonly columns: number | undefined; readonly color: boolean }
export const renderSummary = (report: RunReport, _options: SummaryOptions): string => `${report.outcome}\n`;
