import type { TestDatabase } from '../../support/postgres.ts';
import type { SampleProject } from '../../support/sample-project.ts';
import type { Venv } from '../../support/venv.ts';

/** A project in which one step is needed and everything before it is in place. */
export interface Workspace {
  readonly project: SampleProject;
  readonly database: TestDatabase;
  /** Undefined: the step makes its own. */
  readonly python: Venv | undefined;
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** What the contract test must know of a step. */
export interface Fixture {
  arrange(): Promise<Workspace>;
  /** Lets the step fail in the middle … */
  harm(workspace: Workspace): Promise<void>;
  /** … with this code … */
  readonly code: string;
  /** … until the cause is mended. */
  mend(workspace: Workspace): Promise<void>;
}
