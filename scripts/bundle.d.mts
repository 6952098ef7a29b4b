/** A module of `src/` (`postgres/embedded.ts`) that a bare `node` can import by its URL, in a new folder that the caller removes. */
export const bundleModule: (file: string) => Promise<{ readonly directory: string; readonly url: string }>;
