package io.meshwork.internal.uniqueness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class RepeatedHashesTest {
  private static final long MUCH = 16L << 20;

  /** Hashes of all bits, and hashes that differ in few of them. */
  private static final List<LongUnaryOperator> KINDS =
      List.of(
          hash -> hash,
          hash -> hash & 0xFFFFF,
          hash -> hash << 40,
          hash -> hash & 0xFF0000000000000FL,
          hash -> hash % 3,
          hash -> 0);

  @Test
  void thoseThatOccurMoreThanOnceAreFound() {
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      long[][] hashes = hashes(random, KINDS.get((int) seed % KINDS.size()));
      HashSlice slice =
          random.nextBoolean() ? HashSlice.ALL : HashSlice.ALL.part(random.nextInt(4)).part(1);
      LongHashSet found = found(hashes, slice, MUCH);
      assertThat(found).isNotNull();
      Set<Long> all = new HashSet<>();
      found.each(all::add);
      assertThat(all).as("seed %s", seed).isEqualTo(repeated(hashes, slice));
      assertThat(found.size()).isEqualTo(all.size());
    }
  }

  @Test
  void thoseThatExceedTheMemoryAreFoundInSmallerSlices() {
    long[][] hashes = new long[40][];
    Random random = new Random(1);
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = i >= 20 ? hashes[i - 20] : random.longs(500).toArray();
    }
    assertThat(found(hashes, HashSlice.ALL, 60_000)).isNull();
    Set<Long> all = new HashSet<>();
    for (int part = 0; part < HashSlice.PARTS; part++) {
      LongHashSet found = found(hashes, HashSlice.ALL.part(part), 60_000);
      assertThat(found).isNotNull();
      found.each(all::add);
    }
    assertThat(all).isEqualTo(repeated(hashes, HashSlice.ALL)).hasSize(10_000);
  }

  private static LongHashSet found(long[][] hashes, HashSlice slice, long memory) {
    long count = Arrays.stream(hashes).flatMapToLong(Arrays::stream).filter(slice::has).count();
    RepeatedHashes repeated = new RepeatedHashes(slice, count, memory);
    for (long[] some : hashes) {
      repeated.add(some);
    }
    for (long[] some : hashes) {
      repeated.addAgain(some);
    }
    return repeated.repeated();
  }

  private static Set<Long> repeated(long[][] hashes, HashSlice slice) {
    Set<Long> seen = new HashSet<>();
    Set<Long> repeated = new HashSet<>();
    for (long[] some : hashes) {
      for (long hash : some) {
        if (slice.has(hash) && !seen.add(hash)) {
          repeated.add(hash);
        }
      }
    }
    return repeated;
  }

  private static long[][] hashes(Random random, LongUnaryOperator kind) {
    List<long[]> all = new ArrayList<>();
    int distinct = 1 + random.nextInt(20_000);
    long[] pool = random.longs(distinct).toArray();
    for (int i = random.nextInt(8); i >= 0; i--) {
      long[] some = new long[random.nextInt(1_500)];
      Arrays.setAll(
          some,
          at ->
              kind.applyAsLong(
                  random.nextInt(10) == 0 ? pool[random.nextInt(distinct)] : random.nextLong()));
      all.add(some);
    }
    return all.toArray(long[][]::new);
  }
}
