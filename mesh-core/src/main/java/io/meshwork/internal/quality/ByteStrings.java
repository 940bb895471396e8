package io.meshwork.internal.quality;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A fixed set of byte strings that is queried with array ranges. */
final class ByteStrings {
  private final byte[] @Nullable [] slots;

  private ByteStrings(byte[] @Nullable [] slots) {
    this.slots = slots;
  }

  static ByteStrings of(List<byte[]> members) {
    int size = Math.max(2, Integer.highestOneBit(members.size() * 2 + 1) << 1);
    ByteStrings set = new ByteStrings(new byte[size][]);
    for (byte[] member : members) {
      int slot = set.slot(member, 0, member.length);
      set.slots[slot] = member;
    }
    return set;
  }

  boolean holds(byte[] bytes, int start, int length) {
    return slots[slot(bytes, start, length)] != null;
  }

  /** Returns the slot of an equal member, or the free slot for it. */
  private int slot(byte[] bytes, int start, int length) {
    int hash = 1;
    for (int i = start; i < start + length; i++) {
      hash = 31 * hash + bytes[i];
    }
    int slot = (hash ^ (hash >>> 16)) & (slots.length - 1);
    while (true) {
      byte[] member = slots[slot];
      if (member == null || Arrays.equals(member, 0, member.length, bytes, start, start + length)) {
        return slot;
      }
      slot = (slot + 1) & (slots.length - 1);
    }
  }
}
