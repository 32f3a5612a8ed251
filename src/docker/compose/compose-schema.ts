/**
 * Checks the parts of compose's answer that are read: the types of compose-model.ts hold only for a document that
 * passes.
 */
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { PacelineError } from '../../model/failure.ts';
import { type ComposeModel, unescapeDollars } from './compose-model.ts';
import { readable } from './compose-readable.ts';

const text = z.string().optional();
const texts = z.array(z.string()).optional();
const textOrNumber = z.union([z.string(), z.number()]).optional();
const named = <T extends z.ZodType>(value: T) => z.record(z.string(), value).optional();
const words = named(z.string());
const wordsOrNull = named(z.string().nullable());

const build = z.looseObject({
  context: text,
  dockerfile: text,
  dockerfile_inline: text,
  target: text,
  args: wordsOrNull,
  secrets: z.array(z.looseObject({ source: z.string(), target: text })).optional(),
  ssh: texts,
  additional_contexts: words,
  extra_hosts: z
    .union([z.array(z.string()), z.record(z.string(), z.union([z.string(), z.array(z.string())]))])
    .optional(),
  network: text,
  platforms: texts,
  labels: words,
  shm_size: textOrNumber,
  no_cache: z.boolean().optional(),
  cache_from: texts,
});

const service = z.looseObject({
  image: text,
  build: build.optional(),
  command: z.array(z.string()).nullish(),
  entrypoint: z.array(z.string()).nullish(),
  environment: wordsOrNull,
  depends_on: named(z.looseObject({ condition: z.string(), required: z.boolean().optional() })),
  links: texts,
  external_links: texts,
  volumes_from: texts,
  volumes: z
    .array(z.looseObject({ type: z.string(), source: text, target: text, read_only: z.boolean().optional() }))
    .optional(),
  ports: z.array(z.looseObject({ target: z.number(), protocol: text })).optional(),
  expose: z.array(z.union([z.string(), z.number()])).optional(),
  networks: named(z.looseObject({ aliases: texts, ipv4_address: text, ipv6_address: text }).nullable()),
  network_mode: text,
  ipc: text,
  pid: text,
  profiles: texts,
  container_name: text,
  restart: text,
  scale: z.number().optional(),
  platform: text,
  logging: z.looseObject({ driver: text }).optional(),
  deploy: z
    .looseObject({
      replicas: z.number().optional(),
      restart_policy: z.looseObject({ condition: text }).optional(),
      resources: z
        .looseObject({
          limits: z.looseObject({ cpus: textOrNumber, memory: text }).optional(),
          reservations: z.looseObject({ memory: text }).optional(),
        })
        .optional(),
    })
    .optional(),
  labels: words,
});

const place = { name: text, external: z.boolean().optional(), driver_opts: words, labels: words };
const network = z.looseObject({
  ...place,
  driver: text,
  ipam: z.looseObject({ config: z.array(z.looseObject({ subnet: text })).optional() }).optional(),
});
const source = z.looseObject({
  name: text,
  external: z.boolean().optional(),
  file: text,
  environment: text,
  content: text,
});

const model = z.looseObject({
  name: text,
  services: z.record(z.string(), service).nullish(),
  networks: named(network.nullable()),
  volumes: named(z.looseObject(place).nullable()),
  secrets: named(source),
  configs: named(source),
});

/**
 * @param printed what `docker compose config` printed
 * @throws PacelineError EngineUnfit if the text is not a compose project; the message names the first place that is wrong
 */
export function parseModel(printed: string, format: 'json' | 'yaml' = 'json'): ComposeModel {
  const { data, error } = model.safeParse(readable(parsedOrNull(printed, format)));
  if (error !== undefined) {
    const [issue] = error.issues;
    throw new PacelineError({
      type: 'EngineUnfit',
      what: `\`docker compose config\` printed a project that Paceline cannot read: ${issue?.path.join('.') || 'all of it'}: ${issue?.message}.`,
      next: 'Look at the output of `docker compose config --format json`; `paceline doctor` shows which version of compose is needed.',
    });
  }
  const { services, ...rest } = data;
  return unescapeDollars({ ...rest, services: services ?? {} } as ComposeModel);
}

function parsedOrNull(text: string, format: 'json' | 'yaml'): unknown {
  try {
    return format === 'json' ? JSON.parse(text) : parseYaml(text);
  } catch {
    return null;
  }
}
