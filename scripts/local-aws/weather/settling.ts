import type { Timer } from '../runtime/clock.ts';
import type { Around } from '../wire/around.ts';
import type { World } from '../world.ts';
import type { Draw, Storm } from './storm.ts';

/** Nobody need look on: what takes AWS minutes is over after so long at the latest, by the world's clock. */
const longestMs = 100;

interface Transition {
  callsLeft: number;
  readonly finish: () => void;
  readonly timer: Timer;
}

/** Transitions that end while Batch is called, for which it need not be about them, or after a moment. */
export function settling(world: World, draw: Draw, { lag }: Storm) {
  const underWay = new Set<Transition>();
  let begun = 0;
  world.onStop.push(async () => {
    for (const { timer } of underWay) timer.cancel();
  });
  const end = (transition: Transition): void => {
    transition.timer.cancel();
    if (underWay.delete(transition)) transition.finish();
  };
  const begin = (callsLeft: number, finish: () => void): void => {
    const timer = world.clock.after(longestMs, () => end(transition));
    const transition: Transition = { callsLeft, finish, timer };
    underWay.add(transition);
  };
  const around: Around = async (call, answer) => {
    if (call.service !== 'batch') return answer(call);
    for (const transition of [...underWay]) {
      if (transition.callsLeft === 0) end(transition);
      else transition.callsLeft -= 1;
    }
    return answer(call);
  };
  return {
    around,
    settle: (finish: () => void): void => {
      begun += 1;
      const callsLeft = Math.floor(draw('settling', begun) * (lag + 1));
      if (lag === 0) finish();
      else begin(callsLeft, finish);
    },
  };
}
