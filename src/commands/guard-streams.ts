import process from 'node:process';

import { ExitCode } from '../core/errors.ts';

/** Why a write can fail, in words; other failures are reported by their code. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the device reports an error',
  EBADF: 'it is closed',
};

/** `devsetup | head` closes the pipe early, which is not a failure; writes after that fail with the second code. */
const QUIET = new Set(['EPIPE', 'ERR_STREAM_DESTROYED']);

/**
 * For every command, before it starts: a stream that cannot be written neither ends the process in a stack nor goes unnoticed. If
 * stdout, the result, is incomplete, stderr reports it once and the exit code is not 0. Lost progress output changes nothing.
 */
export const guardStreams = (): void => {
  let failed = false;
  guard(process.stderr, () => undefined);
  guard(process.stdout, (code) => {
    if (failed) return;
    failed = true;
    const reason = REASONS[code];
    process.stderr.write(
      `devsetup: the result could not be written to stdout: ${reason === undefined ? code : `${reason} (${code})`}\n`,
    );
  });
  process.on('exit', (code) => {
    if (failed && code === ExitCode.done) process.exitCode = ExitCode.failed;
  });
};

const guard = (stream: NodeJS.WriteStream, onFailure: (code: string) => void): void => {
  const fail = (error: unknown): void => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (!QUIET.has(code)) onFailure(code);
  };
  stream.on('error', fail);
  // To a file or device the stream writes at once, and some versions of Node throw from there.
  const write = stream.write.bind(stream) as (...words: readonly unknown[]) => boolean;
  stream.write = ((...words: readonly unknown[]): boolean => {
    try {
      return write(...words);
    } catch (error) {
      fail(error);
      return true;
    }
  }) as typeof stream.write;
};
