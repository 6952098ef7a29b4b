import type { Progress } from '../core/step.ts';
import type { SetupContext } from './context.ts';

/**
 * Whether initial migrations are faked where their tables exist. Django compares names only: a table that lacks a column is
 * faked and the column stays missing. So: in development, where the database can be thrown away, or when configuration asks.
 */
export const isFakeInitial = async (context: SetupContext, progress: Progress): Promise<boolean> => {
  const { fakeInitial } = context.config.migrations;
  return fakeInitial === 'auto' ? (await context.development(progress)).yes : fakeInitial;
};
