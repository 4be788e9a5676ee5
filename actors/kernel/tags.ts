/**
 * How a case's tags are written. A tag that its root or any running machine below it has now stands once by its plain name,
 * which is what gates and lists ask for. Each tag of a machine below the root stands once more as `tag@path`, which says whose
 * it is; the path is that of child ids from the root, joined as in the history: `with-staff@sales/booking-1`.
 */
export const tagAt = (tag: string, path: readonly string[]): string => `${tag}@${path.join('/')}`;

/** Whether it is the plain name of a tag, and not the tag of one machine. */
export const isPlainTag = (tag: string): boolean => !tag.includes('@');
