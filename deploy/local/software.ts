/** Programs of the machine that npm does not bring, and what brings them. */
export interface Software {
  /** For messages: "Redis". */
  readonly name: string;
  /** Debian's packages. */
  readonly packages: readonly string[];
  /** What those packages would start by themselves, for the command that a person types. */
  readonly services?: readonly string[];
  /** Commands for systems without apt, one a line. */
  readonly elsewhere?: readonly string[];
  /** What to do in place of installing it: "set REDIS_URL". */
  readonly instead?: string;
}

/** The oldest major version with all that the transport asks for. */
export const oldestRedis = 7;

export const redisSoftware: Software = {
  name: 'Redis',
  packages: ['redis-server'],
  services: ['redis-server'],
  elsewhere: ['Fedora: sudo dnf install -y redis', 'macOS: brew install redis'],
  instead: 'set REDIS_URL',
};

export const orthancSoftware: Software = {
  name: 'Orthanc',
  packages: ['orthanc', 'orthanc-dicomweb'],
  services: ['orthanc'],
  instead: 'set ORTHANC_API_BASE',
};
