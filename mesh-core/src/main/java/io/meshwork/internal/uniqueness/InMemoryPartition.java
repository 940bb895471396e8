package io.meshwork.internal.uniqueness;

import io.meshwork.internal.uniqueness.KeyPartitions.KeyPartition;
import io.meshwork.internal.uniqueness.KeyPartitions.Receiver;
import io.meshwork.internal.uniqueness.KeyPartitions.Visitor;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** The keys in memory whose hashes are in a slice. They are not copied when they are divided. */
final class InMemoryPartition implements KeyPartition {
  private final NumberedKeys keys;
  private final HashSlice slice;
  private final LongPredicate hashes;
  private final long records;

  private InMemoryPartition(
      NumberedKeys keys, HashSlice slice, LongPredicate hashes, long records) {
    this.keys = keys;
    this.slice = slice;
    this.hashes = hashes;
    this.records = records;
  }

  static InMemoryPartition of(NumberedKeys keys) {
    return new InMemoryPartition(keys, HashSlice.ALL, all -> true, keys.count());
  }

  @Override
  public long bytes() {
    return records * (keys.memory() / keys.count() + 1);
  }

  @Override
  public long records() {
    return records;
  }

  @Override
  public @Nullable LongHashSet repeatedHashes(long memory) {
    return keys.repeated(slice, records, memory);
  }

  @Override
  public void read(LongPredicate wanted, Receiver receiver) {
    keys.read(hashes.and(wanted), receiver);
  }

  @Override
  public boolean isDivisible() {
    return slice.isDivisible();
  }

  @Override
  public void divide(LongPredicate wanted, Visitor visitor) {
    for (int index = 0; index < HashSlice.PARTS; index++) {
      HashSlice part = slice.part(index);
      LongPredicate selected = hash -> part.has(hash) && hashes.test(hash) && wanted.test(hash);
      long some = keys.count(selected);
      if (some > 0) {
        visitor.visit(new InMemoryPartition(keys, part, selected, some));
      }
    }
  }
}
