import type { Activity } from "../../../client/index.ts";
import { TextLink } from "../../ui/text/text-link.tsx";

/** A few words on what happens when a callback is called. */
export function activityText(activity: Activity): string {
  switch (activity.type) {
    case "http":
      return `Asks ${hostOf(activity.url)}`;
    case "flow":
      return `Starts ${activity.flow}`;
    case "record":
      return "Records the call";
  }
}

/** The same with all details. */
export function ActivityView({ activity }: { readonly activity: Activity }) {
  switch (activity.type) {
    case "record":
      return activityText(activity);
    case "flow":
      return (
        <>
          Starts the flow <TextLink href={`/flows/${activity.flow}`}>{activity.flow}</TextLink>
        </>
      );
    case "http":
      return (
        <>
          Asks the handler at <code>{activity.url}</code> for at most {activity.timeoutSeconds} s,{" "}
          {activity.signingSecret === undefined ? "not signed" : `signed with the secret ${activity.signingSecret}`}
        </>
      );
  }
}

const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).host : url);
