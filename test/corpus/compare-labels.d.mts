interface Place {
  /** Without it: the file that the label belongs to. */
  readonly file?: string;
  readonly line: number;
  readonly endLine?: number;
}

interface Label extends Place {
  readonly rule: string;
  /** False: arguable. A finding there is neither right nor wrong, and a missing one is not missed. */
  readonly certain: boolean;
  readonly why: string;
  /** Other places that a finding may point to with the same right. */
  readonly or?: readonly Place[];
}

export interface LabelledRepository {
  readonly repository: string;
  readonly commit: string;
  readonly files: readonly { readonly path: string; readonly kind: string; readonly labels: readonly Label[] }[];
}

interface Finding {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

export interface Comparison {
  readonly labels: readonly string[];
  readonly found: readonly string[];
  readonly right: readonly string[];
  readonly wrong: readonly Finding[];
  readonly missed: readonly Finding[];
}

export interface Score {
  readonly rule: string;
  readonly labels: number;
  readonly found: number;
  readonly right: number;
  readonly wrong: number;
  readonly missed: number;
  /** Null: nothing to divide by. */
  readonly precision: number | null;
  readonly recall: number | null;
}

export const compareLabels: (repository: LabelledRepository, findings: readonly Finding[]) => Comparison;
export const sumUp: (comparisons: readonly Comparison[]) => readonly Score[];
export const describeLabels: (repositories: readonly LabelledRepository[]) => string;
export const renderScore: (rows: readonly Score[]) => string;
