/** All commands, in the order of the help. */
import { callbackCreate, callbackList, callbackShow, callbackWait } from "./commands/callback.ts";
import { apply, exportConfig } from "./commands/config.ts";
import { bulkCommands } from "./commands/execution-actions.ts";
import { follow } from "./commands/execution-follow.ts";
import { executionsList, executionsShow } from "./commands/executions.ts";
import { login, logout, whoami } from "./commands/login.ts";
import { secretDelete, secretList, secretReseal, secretSet } from "./commands/secrets.ts";
import { tokenCreate } from "./commands/tokens.ts";
import { triggerList, triggerSend } from "./commands/trigger.ts";
import { workspacesCreate, workspacesList } from "./commands/workspaces.ts";

export const COMMANDS = [
  login,
  logout,
  whoami,
  workspacesList,
  workspacesCreate,
  apply,
  exportConfig,
  secretList,
  secretSet,
  secretDelete,
  secretReseal,
  tokenCreate,
  triggerList,
  triggerSend,
  callbackCreate,
  callbackList,
  callbackShow,
  callbackWait,
  executionsList,
  executionsShow,
  follow,
  ...bulkCommands,
];
