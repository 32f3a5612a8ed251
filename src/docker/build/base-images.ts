/** The base images of a project's builds: external images, and images that the project builds itself. */
import { copyFile, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { wrongUsage } from '../../model/failure.ts';
import type { ComposeModel } from '../compose/compose-model.ts';
import { baseImages, frontendOf, stagePlatforms, withoutFrontend } from './dockerfile.ts';
import { shortText } from '../files/foreign-file.ts';
import { type ProjectBuild, projectBuilds } from './project-builds.ts';

export interface OrderedBuild extends ProjectBuild {
  /** External images, as the Dockerfile writes them; empty if the Dockerfile cannot be read beforehand (a URL). */
  readonly baseImages: readonly string[];
  /** The image of its `# syntax=` line. */
  readonly frontend: string | null;
  /** The platforms that its FROM lines name and the machine must be able to run. */
  readonly stagePlatforms: readonly string[];
  /** Earlier builds whose images it needs, with the names that it uses for them. */
  readonly basedOn: readonly { readonly context: string; readonly build: string }[];
}

/**
 * Adds the builds that others are based on (`FROM app-base` if a service has `image: app-base` and a build, or an
 * additional context `service:NAME`), and sorts all builds so that each comes after those that it needs.
 * @param model with all services, also those that the run does not start
 * @param complete is applied to an added build before it is read
 */
export async function orderedBuilds(
  model: ComposeModel,
  builds: readonly ProjectBuild[],
  complete: (builds: readonly ProjectBuild[]) => Promise<readonly ProjectBuild[]> = async (all) => all,
): Promise<readonly OrderedBuild[]> {
  const ordered: OrderedBuild[] = [];
  const begun = new Set<string>();
  const visit = async (build: ProjectBuild): Promise<void> => {
    if (begun.has(build.name)) return;
    begun.add(build.name);
    const { needed, frontend, platforms } = await needsOf(build);
    const basedOn: { context: string; build: string }[] = [];
    for (const { context, service, image } of needed) {
      const base = baseBuild(model, builds, service ?? builderOf(model, image, build));
      if (base === null) continue;
      await visit(builds.includes(base) ? base : ((await complete([base]))[0] ?? base));
      basedOn.push({ context, build: base.name });
    }
    const own = new Set(basedOn.map(({ context }) => context));
    ordered.push({
      ...build,
      additionalContexts: Object.fromEntries(
        Object.entries(build.additionalContexts).filter(([name]) => !own.has(name)),
      ),
      baseImages: needed.flatMap(({ context, image }) => (own.has(context) || image === null ? [] : [image])),
      frontend,
      stagePlatforms: platforms,
      basedOn,
    });
  };
  for (const build of builds) await visit(build);
  return ordered;
}

/**
 * Writes the Dockerfile of a build to a file if the project's own one cannot be used: it is inline, or its frontend is
 * not available. Its .dockerignore is written too, because BuildKit looks for `NAME.dockerignore` next to it.
 * @param folder a folder of the run
 * @returns its path; null if the project's own can be used
 */
export async function writeDockerfile(
  build: OrderedBuild,
  folder: string,
  missingFrontends: readonly string[],
): Promise<string | null> {
  const useOwnFrontend = build.frontend !== null && missingFrontends.includes(build.frontend);
  if (build.dockerfileInline === null && !useOwnFrontend) return null;
  const text = await dockerfileText(build);
  const path = join(folder, `${build.name}.Dockerfile`);
  await writeFile(path, useOwnFrontend ? withoutFrontend(text ?? '') : (text ?? ''));
  const ignore = `${build.dockerfile}.dockerignore`;
  // Most have none.
  if (build.dockerfileInline === null) await copyFile(ignore, `${path}.dockerignore`).catch(() => {});
  return path;
}

interface Need {
  /** The name that the Dockerfile uses for it. */
  readonly context: string;
  /** The service whose build this is, if the project names one. */
  readonly service: string | null;
  readonly image: string | null;
}

async function needsOf(build: ProjectBuild): Promise<{
  readonly needed: readonly Need[];
  readonly frontend: string | null;
  readonly platforms: readonly string[];
}> {
  const text = await dockerfileText(build);
  const contexts = Object.entries(build.additionalContexts).map(([context, source]): Need => {
    const [, scheme, rest = ''] = /^(service:|docker-image:\/\/)(.*)$/.exec(source) ?? [];
    return {
      context,
      service: scheme === 'service:' ? rest : null,
      image: scheme === 'docker-image://' ? rest : null,
    };
  });
  if (text === null) return { needed: contexts, frontend: null, platforms: [] };
  const images = baseImages(text, build.args, build.target).filter((image) => !(image in build.additionalContexts));
  return {
    needed: [...contexts, ...images.map((image) => ({ context: image, service: null, image }))],
    frontend: build.args['BUILDKIT_SYNTAX'] ?? frontendOf(text),
    platforms: stagePlatforms(text, build.args, build.target),
  };
}

/**
 * @returns null if the Dockerfile is at a URL
 * @throws PacelineError WrongUsage if it is not a short text
 */
export async function dockerfileText({ dockerfileInline, dockerfile }: ProjectBuild): Promise<string | null> {
  if (dockerfileInline !== null) return dockerfileInline;
  if (!isAbsolute(dockerfile)) return null;
  const text = await shortText(dockerfile);
  if (text !== null) return text;
  throw wrongUsage(
    `${dockerfile} cannot be read as a Dockerfile: it is not a regular file, it has more than 4 MB, or this user may not read it.`,
    'Correct the path or the file, and run the command again.',
  );
}

function builderOf(model: ComposeModel, image: string | null, but: ProjectBuild): string | null {
  if (image === null) return null;
  const found = Object.entries(model.services).find(
    ([name, service]) => service.build !== undefined && service.image === image && !but.services.includes(name),
  );
  return found?.[0] ?? null;
}

function baseBuild(model: ComposeModel, known: readonly ProjectBuild[], service: string | null): ProjectBuild | null {
  if (service === null) return null;
  const started = known.find((build) => build.services.includes(service));
  if (started !== undefined) return started;
  const [build] = projectBuilds(model, [service], null);
  return build === undefined ? null : { ...build, services: [] };
}
