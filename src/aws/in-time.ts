/**
 * Rejects when the signal says that the time is over. To be raced with a call that is given the same
 * signal: the SDK does not look at it while it gets its credentials.
 */
export function rejectionBy(signal: AbortSignal): Promise<never> {
  const rejection = new Promise<never>((_resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(new Error('no answer in time', { cause: signal.reason }));
      },
      { once: true },
    );
  });
  // It may come when nobody waits for it any more.
  rejection.catch(() => undefined);
  return rejection;
}
