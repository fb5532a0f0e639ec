declare module "virtual:field-help" {
  /** The descriptions of fields in the schemas, by kind and path. */
  export const FIELD_HELP: Readonly<
    Record<
      "flow" | "trigger" | "apiKey" | "callback" | "adapter" | "workspace" | "token",
      Readonly<Record<string, string>>
    >
  >;
}
