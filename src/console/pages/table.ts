/** The pages of a workspace: path, place in the navigation, and the module that draws it, loaded when it is visited. */
import {
  ArrowUDownLeftIcon,
  ChartBarIcon,
  FlowArrowIcon,
  GearIcon,
  type Icon,
  KeyIcon,
  ListChecksIcon,
  LockKeyIcon,
  PlugsConnectedIcon,
  QueueIcon,
  WebhooksLogoIcon,
} from "@phosphor-icons/react";
import type { ComponentType } from "react";
import type { Permission } from "../../client/index.ts";

export interface PageRoute {
  /** Below `/console/{workspace}`, in the form of wouter; parameters come with `useParams`. */
  readonly path: string;
  readonly load: () => Promise<{ readonly default: ComponentType }>;
}

export interface NavigationItem {
  readonly path: string;
  readonly label: string;
  readonly icon: Icon;
  /** Without it there is nothing to see. */
  readonly permission: Permission;
}

export const PAGES: readonly PageRoute[] = [
  { path: "/", load: () => import("./overview/overview-page.tsx") },
  { path: "/executions", load: () => import("./executions/executions-page.tsx") },
  { path: "/executions/:id", load: () => import("./executions/detail/execution-page.tsx") },
  { path: "/triggers", load: () => import("./triggers/triggers-page.tsx") },
  { path: "/triggers/:trigger", load: () => import("./triggers/trigger-page.tsx") },
  { path: "/flows", load: () => import("./flows/flows-page.tsx") },
  { path: "/flows/:flow", load: () => import("./flows/flow-page.tsx") },
  { path: "/callbacks", load: () => import("./callbacks/callbacks-page.tsx") },
  { path: "/callbacks/~new", load: () => import("./callbacks/new-callback-page.tsx") },
  { path: "/callbacks/configurations", load: () => import("./callbacks/configs/configs-page.tsx") },
  { path: "/callbacks/configurations/~new", load: () => import("./callbacks/configs/new-config-page.tsx") },
  { path: "/callbacks/configurations/:name", load: () => import("./callbacks/configs/config-page.tsx") },
  { path: "/callbacks/:state", load: () => import("./callbacks/detail/callback-page.tsx") },
  { path: "/lanes", load: () => import("./lanes/lanes-page.tsx") },
  { path: "/adapters", load: () => import("./adapters/adapters-page.tsx") },
  { path: "/adapters/~new", load: () => import("./adapters/new-adapter-page.tsx") },
  { path: "/adapters/:id", load: () => import("./adapters/adapter-page.tsx") },
  { path: "/secrets", load: () => import("./secrets/secrets-page.tsx") },
  { path: "/tokens", load: () => import("./tokens/tokens-page.tsx") },
  { path: "/settings", load: () => import("./settings/settings-page.tsx") },
  { path: "/settings/configuration", load: () => import("./settings/configuration-page.tsx") },
];

/** Groups of the sidebar, in order. */
export const NAVIGATION: readonly (readonly NavigationItem[])[] = [
  [
    { path: "/", label: "Overview", icon: ChartBarIcon, permission: "executions.read" },
    { path: "/executions", label: "Executions", icon: ListChecksIcon, permission: "executions.read" },
  ],
  [
    { path: "/triggers", label: "Triggers", icon: WebhooksLogoIcon, permission: "config.read" },
    { path: "/flows", label: "Flows", icon: FlowArrowIcon, permission: "config.read" },
    { path: "/callbacks", label: "Callbacks", icon: ArrowUDownLeftIcon, permission: "callbacks.read" },
    { path: "/lanes", label: "Lanes", icon: QueueIcon, permission: "executions.read" },
    { path: "/adapters", label: "Adapters", icon: PlugsConnectedIcon, permission: "config.read" },
  ],
  [
    { path: "/secrets", label: "Secrets", icon: LockKeyIcon, permission: "config.read" },
    { path: "/tokens", label: "Tokens", icon: KeyIcon, permission: "admin" },
    { path: "/settings", label: "Settings", icon: GearIcon, permission: "config.read" },
  ],
];
