/** Time that runs out, once. */
export interface Timer {
  /** Resolves when it has run out; never, once it was stopped. */
  readonly over: Promise<void>;
  stop(): void;
}

export type StartTimer = (seconds: number) => Timer;

export const startTimer: StartTimer = (seconds) => {
  let stop = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    const running = setTimeout(resolve, seconds * 1000);
    stop = () => {
      clearTimeout(running);
    };
  });
  return { over, stop };
};
