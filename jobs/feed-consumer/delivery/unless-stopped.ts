/** `undefined` as soon as `stop` is signalled: what is stuck is not to use up the time there is for stopping. */
export function unlessStopped<T>(promise: Promise<T>, stop: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const onStop = (): void => resolve(undefined);
    stop.addEventListener('abort', onStop, { once: true });
    if (stop.aborted) onStop();
    promise.then(resolve, reject).finally(() => stop.removeEventListener('abort', onStop));
  });
}
