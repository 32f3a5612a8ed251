import { imagesForSample, listStandIns } from './stand-ins.mjs';
import { attempt } from './run.mjs';
import { say, withSignOfLife } from './say.mjs';
import { makeStandIns } from './make-stand-ins.mjs';

/**
 * The base images of the sample: pulled from the registry, else stand-ins made from the distribution's packages. Both set-up
 * and the program find stand-ins by a label at the engine.
 */
export const baseImages = {
  name: 'base images',
  needs: 'Docker',
  key: 'standIns',
  async check(context) {
    const { standIns, missing } = await examine(context.found.docker);
    return missing.length === 0 ? standIns : undefined;
  },
  async install(context) {
    const docker = context.found.docker;
    const { missing } = await examine(docker);
    say(`pulling the base images ${missing.join(', ')}: the engine does not have them`);
    const pulled = await withSignOfLife('pulling images', () =>
      Promise.all(missing.map((image) => pull(context, docker, image))),
    );
    const refused = missing.filter((_, index) => !pulled[index]);
    if (refused.length > 0) await makeStandIns(context, docker, refused, 'they could not be pulled');
    return listStandIns(docker);
  },
};

async function examine(docker) {
  const [standIns, ...there] = await Promise.all([
    listStandIns(docker),
    ...imagesForSample.map(
      async (image) => (await attempt([docker, 'image', 'inspect', '--format', '{{.Id}}', image])).code === 0,
    ),
  ]);
  return {
    standIns,
    missing: imagesForSample.filter((image, index) => !there[index] && !standIns[image.split(':')[0]]),
  };
}

/** An unreachable registry must fail soon. A slow one may take its time. */
async function pull(context, docker, image) {
  const onOutput = (text, extend) => {
    if (text.includes('Pulling from')) extend(600_000);
  };
  return (await attempt([docker, 'pull', image], { timeout: 60_000, log: context.log, onOutput })).code === 0;
}
