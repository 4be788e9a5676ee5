import { Deferred, ProviderRefused } from '../../actors/errors.ts';
import type { ImagingPort } from '../../actors/ports/imaging.ts';

const askAgainMs = 2_000;

/**
 * The port of an archive that starts beside us, so that nothing waits for it but what needs it. Until `starting` resolves
 * all throw `Deferred` (`starting`), and `ProviderRefused` (`not_configured`) once that was null. It must not reject.
 */
export function imagingOnceStarted(starting: Promise<ImagingPort | null>): ImagingPort {
  let known: ImagingPort | null | undefined;
  void starting.then((imaging) => (known = imaging));
  const port = (): ImagingPort => {
    if (known === undefined) throw new Deferred('orthanc', 'starting', askAgainMs);
    if (known === null) throw new ProviderRefused('orthanc', 'not_configured');
    return known;
  };
  return {
    studies: async (...asked) => port().studies(...asked),
    anonymise: async (...asked) => port().anonymise(...asked),
    lookup: async (...asked) => port().lookup(...asked),
    inspect: async (...asked) => port().inspect(...asked),
    instanceIds: async (...asked) => port().instanceIds(...asked),
    readInstance: async (...asked) => port().readInstance(...asked),
    removeCopies: async (...asked) => port().removeCopies(...asked),
    remove: async (...asked) => port().remove(...asked),
  };
}
