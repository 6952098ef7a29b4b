import { escapeControls } from '../../core/visible-text.ts';

/** Lines that GitHub's runner takes for commands: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */

const escapeData = (text: string): string =>
  escapeControls(text, '\r\n\t').replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** One line, e.g. `::error title=Tenant migrations::1 failed`. Properties without a value are left out. */
export const workflowCommand = (
  name: string,
  message = '',
  properties: Readonly<Record<string, string | number | undefined>> = {},
): string => {
  const given = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [`${key}=${escapeProperty(String(value))}`],
  );
  return `::${name}${given.length === 0 ? '' : ` ${given.join(',')}`}::${escapeData(message)}`;
};
