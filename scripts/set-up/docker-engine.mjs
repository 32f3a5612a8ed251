import { installPackages } from './apt.mjs';
import { chooseDocker, examineDockers, planEngine } from './choose-docker.mjs';
import { distributionOf, readOsRelease } from './distribution.mjs';
import { findOnPath } from './find.mjs';
import { CannotSetUp, say, withSignOfLife } from './say.mjs';
import { startEngine } from './start-engine.mjs';

/** A Docker engine that answers, with a client that has compose and buildx. */
export const dockerEngine = {
  name: 'Docker',
  key: 'docker',
  check: async () => chooseDocker(await examineDockers())?.path,
  async install(context) {
    const distribution = distributionOf(readOsRelease());
    for (let round = 0; round < 3; round++) {
      const dockers = await examineDockers();
      const chosen = chooseDocker(dockers);
      if (chosen) return chosen.path;
      const plan = planEngine({
        dockers,
        dockerd: findDockerd(),
        root: process.getuid?.() === 0,
        distribution,
        endpoint: foreignEndpoint(dockers),
      });
      if (plan.do === 'refuse') throw new CannotSetUp(plan.sentence);
      if (plan.do === 'start')
        await startEngine(context, findDockerd(), dockers.find((docker) => docker.compose && docker.buildx).path);
      if (plan.do === 'install') await install(context, distribution, plan);
    }
    throw new CannotSetUp('Docker was installed but does not answer. `docker info` shows the reason');
  },
};

async function install(context, distribution, plan) {
  const suite = distribution.newerSuite;
  const why = suite
    ? `${distribution.codename}'s own are too old, so only these packages come from ${suite}`
    : `of ${distribution.codename}`;
  say(`installing ${plan.packages.join(', ')} (${why}): this machine has no ${plan.missing.replace(/^an? /, '')}`);
  const newer = suite && { suite, packages: plan.packages.filter((name) => name !== 'iptables') };
  await withSignOfLife('installing Docker', () => installPackages(context, distribution, plan.packages, newer));
}

const findDockerd = () => findOnPath('dockerd', ['/usr/sbin', '/sbin', '/usr/local/sbin']);

/** If the user configured another engine than this machine's own, there is nothing to install or start here. */
function foreignEndpoint(dockers) {
  if (process.env.DOCKER_HOST) return process.env.DOCKER_HOST;
  const context = dockers.find((docker) => docker.context && docker.context !== 'default')?.context;
  return context ? `the Docker context "${context}"` : null;
}
