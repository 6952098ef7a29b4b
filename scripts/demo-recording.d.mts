import type { Run } from './terminal-screen.mjs';

type Styled = readonly (readonly Run[])[];

export const SIZE: { readonly columns: number; readonly rows: number };
export const TITLE: string;
export const neutralize: (styled: Styled, folder: string) => Styled;
export const structureOf: (styled: Styled) => readonly string[];
export const shownPart: (styled: Styled) => Styled;
export const serialize: (styled: Styled) => string;
