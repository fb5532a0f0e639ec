import { Switch } from "@cloudflare/kumo/components/switch";

interface Props {
  readonly isLive: boolean;
  readonly onChange: (isLive: boolean) => void;
}

/** Whether a list follows by itself what happens. */
export function LiveSwitch({ isLive, onChange }: Props) {
  return (
    <span className="row">
      <Switch label="Live" checked={isLive} onCheckedChange={onChange} />
    </span>
  );
}
