import type { OwnStep } from '../config/config.ts';
import type { StateStore } from '../state/state-store.ts';
import { memoryKey } from './project-step.ts';

/** What steps keep of the project's own commands: without it they would run these again. */
export const rememberedBy = (state: StateStore, own: readonly OwnStep[]): readonly unknown[] =>
  ['super-tenant', 'guest-tenant', ...own.map(memoryKey)].map((key) => state.read(key) ?? null);
