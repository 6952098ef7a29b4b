import type { ConfigKey } from '../src/config/list-config-keys.ts';

export interface ReadmeFacts {
  readonly help: string;
  readonly keys: readonly ConfigKey[];
  readonly steps: readonly { readonly id: string; readonly title: string }[];
}

export const renderReadme: (readme: string, facts: ReadmeFacts) => string;
