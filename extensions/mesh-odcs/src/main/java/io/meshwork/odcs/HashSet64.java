package io.meshwork.odcs;

/** A set of hashes that gives up, for good, when there is no more room. Not thread-safe. */
final class HashSet64 {
  private static final int FIRST = 64;

  private final HashSlots budget;
  private long[] slots = new long[0];
  private long count;
  private boolean hasZero;
  private boolean gaveUp;

  HashSet64(HashSlots budget) {
    this.budget = budget;
  }

  /** Adds a hash; false if it was there. A set that gave up keeps nothing and answers true. */
  boolean add(long hash) {
    if (gaveUp) {
      return true;
    }
    if (hash == 0) {
      boolean added = !hasZero;
      hasZero = true;
      count += added ? 1 : 0;
      return added;
    }
    if (count * 3 >= slots.length * 2L && !grow()) {
      return true;
    }
    int slot = place(slots, hash);
    if (slots[slot] == hash) {
      return false;
    }
    slots[slot] = hash;
    count++;
    return true;
  }

  /** How many hashes it has, or had when it gave up. */
  long count() {
    return count;
  }

  /** True if it holds all that was added. */
  boolean isComplete() {
    return !gaveUp;
  }

  /** Lets go of its memory. */
  void clear() {
    budget.giveBack(slots.length);
    slots = new long[0];
    hasZero = false;
    count = 0;
  }

  private boolean grow() {
    int size = Math.max(FIRST, slots.length * 2);
    if (!budget.take(size)) {
      gaveUp = true;
      budget.giveBack(slots.length);
      slots = new long[0];
      return false;
    }
    long[] bigger = new long[size];
    for (long hash : slots) {
      if (hash != 0) {
        bigger[place(bigger, hash)] = hash;
      }
    }
    budget.giveBack(slots.length);
    slots = bigger;
    return true;
  }

  private static int place(long[] slots, long hash) {
    int mask = slots.length - 1;
    int slot = (int) hash & mask;
    while (slots[slot] != 0 && slots[slot] != hash) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
