import { ProviderRefused } from '../../actors/errors.ts';

/** A port all of whose members are methods that answer later. */
type AsyncPort<Port> = {
  readonly [Method in keyof Port]: (...args: never[]) => Promise<unknown>;
};

type Method = (...args: unknown[]) => Promise<unknown>;

/**
 * A port whose adapter is loaded when it is first asked something: most processes never ask most providers, and their
 * libraries cost each start some hundred milliseconds and more memory than all of our own code. What fails to load is tried
 * again by whoever asks next.
 */
export function onFirstUse<Port extends AsyncPort<Port>>(load: () => Promise<Port>): Port {
  const loaded = once(load);
  return portOf((name) => async (...args) => {
    const port = (await loaded()) as unknown as Readonly<Record<string, Method>>;
    return port[name]?.(...args);
  }) as Port;
}

/** The port of a provider that this installation has none of: what asks it fails, and staff see why. */
export function refusing<Port extends AsyncPort<Port>>(provider: string): Port {
  return portOf(() => async () => {
    throw new ProviderRefused(provider, 'not_configured');
  }) as Port;
}

/** Runs `load` when somebody first asks, and again only if it failed. */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

function portOf(methodOf: (name: string) => Method): unknown {
  const methods = new Map<string, Method>();
  const found = (name: string) => {
    const method = methods.get(name) ?? methodOf(name);
    methods.set(name, method);
    return method;
  };
  return new Proxy(
    {},
    // Whoever awaits a value looks for its `then`: a port is no promise.
    { get: (_, name) => (typeof name === 'string' && name !== 'then' ? found(name) : undefined) },
  );
}
