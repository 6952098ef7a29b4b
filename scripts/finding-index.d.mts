import type { ListedCheck } from '../src/core/check-list.ts';

export const renderFindingIndex: (checks: readonly ListedCheck[], titleOf: (code: string) => string) => string;

export const pageTitle: (page: string) => string | undefined;
