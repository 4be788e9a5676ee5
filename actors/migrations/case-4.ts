import type { Migration } from '../kernel/registry.ts';

/** An actor of a stored case, as far as it is looked into here. */
interface Stored {
  readonly context: Readonly<Record<string, unknown>>;
  readonly children: Readonly<
    Record<string, { readonly src: string; readonly snapshot: Readonly<Record<string, unknown>> }>
  >;
}

/** A booking says what it has to say through its case, and keeps nobody's number. */
function bookingFrom2(snapshot: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const {
    recipient: _recipient,
    heardAt: _heardAt,
    ...context
  } = snapshot['context'] as Record<string, unknown>;
  return { ...snapshot, context: { ...context, reading: null } };
}

/** Version 5: the actors of a case are told whom to write to no more. */
export const caseFrom4: Migration = (rest) => {
  const snapshot = rest.snapshot as Stored;
  const children = Object.fromEntries(
    Object.entries(snapshot.children).map(([id, child]) => [
      id,
      child.src === 'booking' ? { ...child, snapshot: bookingFrom2(child.snapshot) } : child,
    ]),
  );
  return { ...rest, snapshot: { ...snapshot, children } };
};
