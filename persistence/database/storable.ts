/** PostgreSQL stores no U+0000 in a text, and refuses the whole batch for one. */
const nul = '\0';

/** Whether PostgreSQL can have this text; nothing we ever stored is named by one that it cannot. */
export const isStorable = (text: string): boolean => !text.includes(nul);

export const withoutNul = (text: string): string => text.replaceAll(nul, '');
