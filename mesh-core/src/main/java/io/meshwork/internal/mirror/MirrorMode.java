package io.meshwork.internal.mirror;

/**
 * What a run may do to objects that others created or changed. Immutable.
 *
 * @param repairing true to overwrite what others changed
 * @param adopting true to take over objects that others created under the names of the mesh:
 *     objects to which the mesh only adds, and with {@code repairing} also ones that it overwrites
 */
record MirrorMode(boolean repairing, boolean adopting) {
  /** Leaves objects of others unchanged. */
  static final MirrorMode CAREFUL = new MirrorMode(false, false);

  MirrorMode withRepair() {
    return new MirrorMode(true, adopting);
  }

  MirrorMode withAdoption() {
    return new MirrorMode(repairing, true);
  }
}
