package io.meshwork.internal.mirror;

/**
 * What a run may do to objects that others made or changed. Immutable.
 *
 * @param repairing true to overwrite what others changed
 * @param adopting true to take over objects that others made under the names of the mesh: those to
 *     which the mesh only adds, and with {@code repairing} also those that it overwrites
 */
record MirrorMode(boolean repairing, boolean adopting) {
  /** Leaves objects of others as they are. */
  static final MirrorMode CAREFUL = new MirrorMode(false, false);

  MirrorMode withRepair() {
    return new MirrorMode(true, adopting);
  }

  MirrorMode withAdoption() {
    return new MirrorMode(repairing, true);
  }
}
