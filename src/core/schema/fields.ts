/** Fields and refinements that several schemas share. */
import { z } from "zod";
import { checkTemplate } from "../message/template.ts";

export const int = (min: number, max: number) => z.int().min(min).max(max);
export const number = (min: number, max: number) => z.number().min(min).max(max);
export const flag = (otherwise: boolean) => z.boolean().default(otherwise);
export const text = (maxLength: number) => z.string().max(maxLength);
/** A text that is not empty. */
export const someText = (maxLength: number) => z.string().min(1).max(maxLength);

/** A refinement by a function that returns what is wrong with a value, or null. */
export const refuse =
  <T>(problemOf: (value: T) => string | null) =>
  (value: T, context: z.RefinementCtx): void => {
    const message = problemOf(value);
    if (message !== null) context.addIssue({ code: "custom", message });
  };

/** Items of a list must differ in one of their fields. */
export const unique =
  <Key extends string>(field: Key, message: string) =>
  (items: readonly Readonly<Record<Key, string>>[], context: z.RefinementCtx): void => {
    items.forEach((item, index) => {
      if (items.findIndex((other) => other[field] === item[field]) < index) {
        context.addIssue({ code: "custom", path: [index, field], message });
      }
    });
  };

/** A Liquid template that may use these names. */
export const templateOver = (names: readonly string[], maxLength: number) =>
  text(maxLength).superRefine(refuse((source) => checkTemplate(source, names)));
