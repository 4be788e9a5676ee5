/** Work that one process at a time should do. */
export interface Locks {
  /**
   * Takes the named lock without waiting, and answers what releases it (never rejects; calling it again does nothing);
   * null if somebody holds it. It is released at the latest when this process ends.
   *
   * It saves work, and fences nothing: a process that was cut off from the database has lost the lock without
   * knowing it. Only for work that may be done twice.
   *
   * @throws {ProviderUnreachable} the database does not answer
   */
  tryLock(name: string): Promise<(() => Promise<void>) | null>;
}
