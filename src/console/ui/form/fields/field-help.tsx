import { FIELD_HELP } from "virtual:field-help";
import { InlineText } from "../../text/inline-text.tsx";

interface Props {
  readonly of: keyof typeof FIELD_HELP;
  /** Path of the field in the API's input, such as `steps[].url`. */
  readonly path: string;
}

/** The help of a field: its description in the schema. */
export const FieldHelp = ({ of, path }: Props) => <InlineText text={FIELD_HELP[of][path] ?? ""} />;
