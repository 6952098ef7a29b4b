import type { OwnStep } from '../config/config.ts';
import type { StateStore } from '../state/state-store.ts';
import { memoryKey } from './project-step.ts';
import { UNFINISHED } from './unfinished-schemas.ts';

/** What steps keep of the project's own commands, and of migrations that were cut short: without it they would find something else. */
export const rememberedBy = (state: StateStore, own: readonly OwnStep[]): readonly unknown[] =>
  ['super-tenant', 'guest-tenant', UNFINISHED, ...own.map(memoryKey)].map((key) => state.read(key) ?? null);
