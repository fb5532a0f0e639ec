/** Does one thing of several; a failure is logged and leaves the others alone. */
export async function guard(message: string, job: () => Promise<void>, onError?: () => void): Promise<void> {
  try {
    await job();
  } catch (error) {
    console.error({ message, error: String(error) });
    onError?.();
  }
}
