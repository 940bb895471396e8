package io.meshwork.odcs.internal.profile;

/** A set of hashes that stops permanently when the memory is exhausted. Not thread-safe. */
public final class HashSet64 {
  private static final int INITIAL_SIZE = 64;

  private final HashMemory memory;
  private long[] slots = new long[0];
  private long count;
  private boolean hasZero;
  private boolean stopped;

  HashSet64(HashMemory memory) {
    this.memory = memory;
  }

  /** Adds a hash; false if it was present. A stopped set stores nothing and returns true. */
  boolean add(long hash) {
    if (stopped) {
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
    int slot = slotOf(slots, hash);
    if (slots[slot] == hash) {
      return false;
    }
    slots[slot] = hash;
    count++;
    return true;
  }

  /** Adds the hashes of another set, and releases its memory. */
  void addAll(HashSet64 other) {
    if (other.hasZero) {
      add(0);
    }
    for (long hash : other.slots) {
      if (hash != 0) {
        add(hash);
      }
    }
    if (other.stopped && !stopped) {
      stop();
    }
    other.clear();
  }

  /** Returns the number of hashes, or their number when the set stopped. */
  public long count() {
    return count;
  }

  /** True if it contains all added hashes. */
  public boolean isComplete() {
    return !stopped;
  }

  void clear() {
    memory.release(slots.length);
    slots = new long[0];
    hasZero = false;
    count = 0;
  }

  private boolean grow() {
    int size = Math.max(INITIAL_SIZE, slots.length * 2);
    if (!memory.acquire(size)) {
      stop();
      return false;
    }
    long[] bigger = new long[size];
    for (long hash : slots) {
      if (hash != 0) {
        bigger[slotOf(bigger, hash)] = hash;
      }
    }
    memory.release(slots.length);
    slots = bigger;
    return true;
  }

  private void stop() {
    stopped = true;
    memory.release(slots.length);
    slots = new long[0];
  }

  private static int slotOf(long[] slots, long hash) {
    int mask = slots.length - 1;
    int slot = (int) hash & mask;
    while (slots[slot] != 0 && slots[slot] != hash) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
