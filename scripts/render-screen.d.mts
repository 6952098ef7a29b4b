import type { Run } from './terminal-screen.mjs';

export const THEME_NAMES: readonly string[];
export const renderScreen: (
  styled: readonly (readonly Run[])[],
  options: { readonly columns: number; readonly title: string; readonly theme: string },
) => string;
