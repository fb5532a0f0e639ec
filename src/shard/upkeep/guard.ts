/** Runs one of several jobs; a failure is logged and does not affect the others. */
export async function guard(message: string, job: () => Promise<void>, onError?: () => void): Promise<void> {
  try {
    await job();
  } catch (error) {
    console.error({ message, error: String(error) });
    onError?.();
  }
}
