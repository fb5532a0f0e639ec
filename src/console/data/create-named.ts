import { ApiProblem } from "../../client/index.ts";

/** A problem with one field that the API cannot find. */
export const fieldProblem = (field: string, message: string) =>
  new ApiProblem(422, "invalid-input", message, [{ field, message }]);

/**
 * Creates something under a name, unless the name is taken: PUT alone would replace what has it.
 *
 * @param field path of the field with the name.
 */
export async function createNamed<Item, Input>(
  noun: { get(name: string): Promise<Item>; put(name: string, input: Input): Promise<Item> },
  { name, field, what }: { readonly name: string; readonly field: string; readonly what: string },
  input: Input,
): Promise<Item> {
  if (name === "") throw fieldProblem(field, "a name is required");
  const isTaken = await noun.get(name).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ApiProblem && error.status === 404) return false;
      throw error;
    },
  );
  if (isTaken) throw fieldProblem(field, `there is a ${what} of this name already`);
  return noun.put(name, input);
}
