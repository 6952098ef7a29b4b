import type { ShellInput } from '../../shell/shell-run.ts';

export type ShellSettings = Pick<ShellInput, 'language' | 'errexit' | 'pipefail'>;

/** What GitHub runs a script with: `shell` of the step, the job or the workflow; without one `bash -e`, on Windows PowerShell. */
export const readShellOption = (shell: string | undefined, isWindows: boolean): ShellSettings => {
  const text = (shell ?? '').trim();
  if (text === '') {
    return isWindows
      ? { language: 'powershell', errexit: false, pipefail: false }
      : { language: 'bash', errexit: true, pipefail: false };
  }
  if (text === 'bash') return { language: 'bash', errexit: true, pipefail: true };
  if (text === 'sh') return { language: 'sh', errexit: true, pipefail: false };
  const [program = ''] = text.split(/\s+/);
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (/^(?:pwsh|powershell)$/.test(name)) return { language: 'powershell', errexit: false, pipefail: false };
  if (/^python[\d.]*$/.test(name)) return { language: 'python', errexit: false, pipefail: false };
  if (!/^(?:ba|z|da|k)?sh$/.test(name)) return { language: 'other', errexit: false, pipefail: false };
  return {
    language: name === 'bash' || name === 'zsh' ? 'bash' : 'sh',
    errexit: /\s-[a-zA-Z]*e|errexit/.test(text),
    pipefail: /pipefail/.test(text),
  };
};
