import { neutraliseJson } from '../core/workflow-text.ts';

/** The one document of --json. Where a CI's runner reads it as well, none of its texts is a command. */
export const renderJson = (report: object): string => neutraliseJson(`${JSON.stringify(report, null, 2)}\n`);
