import { desiredState } from '../../scripts/desired/desired-state.ts';
import type { DesiredState } from '../../scripts/kinds/desired-state.ts';
import { type LocalAws, startLocalAws } from '../../scripts/local-aws/server.ts';
import type { Storm } from '../../scripts/local-aws/weather/storm.ts';
import { wholeConfig } from './whole-config.ts';
import { configFrom } from './written-config.ts';

const loaded = configFrom(wholeConfig);

/** An image's layer is packed each time it is pushed; here once for all runs. */
async function withLayersOnce(state: DesiredState): Promise<DesiredState> {
  const packed = [...state.artifacts.images].map(async ([name, image]) => {
    const layer = await image.layer();
    return [name, { ...image, layer: async () => layer }] as const;
  });
  return { ...state, artifacts: { ...state.artifacts, images: new Map(await Promise.all(packed)) } };
}

/** What follows from the whole config. */
export const wholeState = async (): Promise<DesiredState> => withLayersOnce(await desiredState(loaded));

/** The empty account that the whole config is for. */
export const startWholeAws = (weather?: Storm): Promise<LocalAws> =>
  startLocalAws({ account: loaded.site.account, region: loaded.site.region, ...(weather && { weather }) });
