package io.meshwork.odcs.internal.profile;

/**
 * The memory of all hash sets of one proposal: 4 Mi slots of 8 bytes. A set that requests more than
 * remains stops, and releases its slots. Not thread-safe.
 */
final class HashMemory {
  static final int TOTAL = 4 << 20;

  private int remaining = TOTAL;

  boolean acquire(int slots) {
    if (slots > remaining) {
      return false;
    }
    remaining -= slots;
    return true;
  }

  void release(int slots) {
    remaining += slots;
  }
}
