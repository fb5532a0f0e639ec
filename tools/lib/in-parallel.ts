/** Works on items in their order, at most `width` at the same time; resolves to the results in that order. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let n = next++; n < items.length; n = next++) results[n] = await work(items[n] as T);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
