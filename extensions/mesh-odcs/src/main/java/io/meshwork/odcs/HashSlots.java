package io.meshwork.odcs;

/**
 * How much room all sets of hashes of one proposal may take together: 4 Mi slots of 8 bytes. The
 * set that asks for more than is left gives up and returns its own. Not thread-safe.
 */
final class HashSlots {
  static final int ALL = 4 << 20;

  private int left = ALL;

  boolean take(int slots) {
    if (slots > left) {
      return false;
    }
    left -= slots;
    return true;
  }

  void giveBack(int slots) {
    left += slots;
  }
}
