import { get } from 'node:http';

const LIMIT_MILLISECONDS = 5_000;

/** The status that the server at this address answers with, asked as `host`; null: nothing does. */
export const answerOf = (url: string | null | undefined, host?: string): Promise<number | null> =>
  new Promise((resolve) => {
    // Not `fetch`: where the engine accepts and closes a connection at once, its promise can stay open for ever.
    const request = get(
      url ?? '',
      { timeout: LIMIT_MILLISECONDS, ...(host === undefined ? {} : { headers: { host } }) },
      (response) => {
        response.destroy();
        resolve(response.statusCode ?? null);
      },
    );
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(null));
    request.once('close', () => resolve(null));
  });
