import type { ConfigKey } from '../src/config/list-config-keys.ts';

/** Versions that the tests run with. */
export type Tested = Readonly<Record<'Python' | 'Django' | 'PostgreSQL' | 'Node' | 'System', readonly string[]>>;

export interface ReadmeFacts {
  readonly help: string;
  readonly keys: readonly ConfigKey[];
  readonly steps: readonly { readonly id: string; readonly title: string }[];
  readonly tested: Tested;
}

export const renderReadme: (readme: string, facts: ReadmeFacts) => string;
