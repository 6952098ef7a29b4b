import type { Check } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';
import { databaseAddress } from './database-address.ts';
import { databaseWaiting } from './database-waiting.ts';
import { devcontainerConfiguration } from './devcontainer-configuration.ts';
import { devcontainerFiles } from './devcontainer-files.ts';
import { devcontainerProperties } from './devcontainer-properties.ts';
import { devcontainerSyntax } from './devcontainer-syntax.ts';
import { hookCommands } from './hook-commands/hook-commands.ts';
import { hooks } from './hooks.ts';
import { imageTags } from './image-tags.ts';
import { literalSecrets } from './literal-secrets.ts';
import { ofEachDevContainer } from './of-each.ts';
import { ports } from './ports.ts';
import { rootUser } from './root-user.ts';
import { workspaceFolder } from './workspace-folder.ts';

const CHECKS: readonly Check<CheckContext>[] = [
  devcontainerSyntax,
  devcontainerProperties,
  devcontainerConfiguration,
  devcontainerFiles,
  workspaceFolder,
  databaseWaiting,
  databaseAddress,
  imageTags,
  rootUser,
  hooks,
  hookCommands,
  ports,
  literalSecrets,
];

export const DEV_CONTAINER_CHECKS = CHECKS.map(ofEachDevContainer);
