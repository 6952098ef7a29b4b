/** `runs`: a server, a watcher, a worker or a shell, which does not end · `unknown`: nothing says that it ends. */
export type Ending = 'ends' | 'runs' | 'unknown';

/** What an own step would run. */
export type Runnable = {
  /** Relative to the root; null: outside, or not known. */
  readonly directory: string | null;
} & ({ readonly manage: readonly string[] } | { readonly command: readonly string[] });

/** One that runs keeps all of them from ending; one that may run leaves it open. */
export const together = (endings: readonly Ending[]): Ending =>
  endings.includes('runs') ? 'runs' : endings.includes('unknown') ? 'unknown' : 'ends';
