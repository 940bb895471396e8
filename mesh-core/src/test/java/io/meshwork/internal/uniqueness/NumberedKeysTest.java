package io.meshwork.internal.uniqueness;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.quality.QualityVectorsTest;
import io.meshwork.internal.quality.RowBatches;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntToLongFunction;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class NumberedKeysTest {
  private static final long MUCH = 32L << 20;
  private static final Schema SCHEMA =
      new Schema(
          Types.NestedField.optional(1, "text", Types.StringType.get()),
          Types.NestedField.optional(2, "number", Types.LongType.get()));
  private static final List<List<String>> COLUMNS =
      List.of(List.of("text"), List.of("number"), List.of("number", "text"));

  private record Key(ByteBuffer bytes, long hash, long number) {
    static Key of(byte[] bytes, int from, int length, long hash, long number) {
      return new Key(ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, from + length)), hash, number);
    }
  }

  @Test
  void keysOfBatchesAreReadInOrderAsTheyAreEncoded() {
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      NumberedKeys kept = new NumberedKeys(MUCH);
      List<Key> expected = new ArrayList<>();
      RowKeys keys = keys(COLUMNS.get(random.nextInt(COLUMNS.size())));
      for (int batch = 0; batch < 4; batch++) {
        boolean complete = random.nextBoolean();
        VectorBatch rows = rows(random, random.nextInt(6_000), complete);
        keys.read(random.nextBoolean() ? rows : QualityVectorsTest.encoded(rows));
        int from = Math.min(keys.count(), random.nextInt(40));
        IntToLongFunction numbers = numbers(random, batch * 100_000L);
        assertThat(kept.add(keys, from, keys.hashes(), numbers)).isEqualTo(keys.count());
        addTo(expected, keys, from, keys.count(), numbers);
      }
      assertThat(kept.count()).isEqualTo(expected.size());
      assertThat(read(kept)).as("seed %s", seed).isEqualTo(expected);
    }
  }

  @Test
  void keysOfASetComeBeforeFurtherKeys() {
    Random random = new Random(3);
    RowKeys keys = keys(List.of("text"));
    keys.read(rows(random, 3_000, true));
    KeySet set = new KeySet();
    List<Key> expected = new ArrayList<>();
    long[] hashes = keys.hashes().clone();
    for (int key = 0; key < keys.count(); key++) {
      if (set.add(hashes[key], keys, key, key * 7L) == KeySet.ABSENT) {
        keys.encode(key);
        expected.add(Key.of(keys.bytes(), 0, keys.length(), hashes[key], key * 7L));
      }
    }
    NumberedKeys kept = new NumberedKeys(MUCH);
    boolean[] ofBytes = {true};
    assertThat(kept.add(set, (key, from) -> KeyHash.FULL.ofKey(ofBytes, key, from))).isTrue();
    kept.add(keys, 5, keys.hashes(), row -> row);
    addTo(expected, keys, 5, keys.count(), row -> row);
    assertThat(read(kept)).isEqualTo(expected);
    assertThat(new NumberedKeys(1_000).add(set, (key, from) -> 0)).isFalse();
  }

  @Test
  void keysWhoseHashIsNotWantedAreNotRead() {
    RowKeys keys = keys(List.of("text"));
    keys.read(rows(new Random(7), 5_000, true));
    Set<Long> wanted = new HashSet<>();
    long[] hashes = keys.hashes();
    for (int key = 0; key < keys.count(); key += 3) {
      wanted.add(hashes[key]);
    }
    NumberedKeys kept = new NumberedKeys(MUCH);
    kept.add(keys, 0, hashes, row -> row);
    List<Long> expected = new ArrayList<>();
    for (int key = 0; key < keys.count(); key++) {
      if (wanted.contains(hashes[key])) {
        expected.add((long) keys.row(key));
      }
    }
    List<Long> read = new ArrayList<>();
    kept.read(wanted::contains, (key, from, length, hash, number) -> read.add(number));
    assertThat(read).isEqualTo(expected);
  }

  @Test
  void keysBeyondTheLimitAreNotAdded() {
    for (long limit : new long[] {20_000, 700_000, 1 << 20}) {
      RowKeys keys = keys(List.of("text"));
      keys.read(rows(new Random(8), 40_000, true));
      NumberedKeys kept = new NumberedKeys(limit);
      int end = kept.add(keys, 0, keys.hashes(), row -> row);
      assertThat(end).isLessThan(keys.count());
      assertThat(kept.memory()).isLessThanOrEqualTo(limit);
      List<Key> expected = new ArrayList<>();
      addTo(expected, keys, 0, end, row -> row);
      assertThat(read(kept)).isEqualTo(expected);
    }
  }

  @Test
  void aKeyLongerThanAPieceIsAddedAlone() {
    VectorBatch rows =
        RowBatches.batch(
            SCHEMA,
            List.of(
                new Object[] {"a", 1L},
                new Object[] {"b".repeat(1_000_000), 2L},
                new Object[] {"c", 3L}));
    RowKeys keys = keys(List.of("text", "number"));
    keys.read(rows);
    NumberedKeys kept = new NumberedKeys(MUCH);
    assertThat(kept.add(keys, 0, keys.hashes(), row -> row)).isEqualTo(3);
    List<Key> expected = new ArrayList<>();
    addTo(expected, keys, 0, 3, row -> row);
    assertThat(read(kept)).isEqualTo(expected);
  }

  @Test
  void keysMoveToAFileAndThoseOfAPartitionKeepTheirOrder() {
    Random random = new Random(9);
    RowKeys keys = keys(List.of("text"));
    List<Key> expected = new ArrayList<>();
    try (KeyPartitions partitions =
        KeyPartitions.keeping(KeyPartitions.Contents.UNIQUE_KEYS, 256 << 10, 1 << 20)) {
      for (int batch = 0; batch < 5; batch++) {
        keys.read(rows(random, 16_000, true));
        IntToLongFunction numbers = numbers(random, batch * 100_000L);
        partitions.add(keys, 0, keys.hashes(), numbers);
        addTo(expected, keys, 0, keys.count(), numbers);
      }
      assertThat(partitions.isInMemory()).isFalse();
      assertThat(partitions.records()).isEqualTo(expected.size());
      for (int part = 0; part < KeyPartitions.COUNT; part++) {
        HashSlice slice = HashSlice.ofPartition(part);
        List<Key> read = new ArrayList<>();
        partitions.read(
            slice,
            all -> true,
            (key, from, length, hash, number) -> read.add(Key.of(key, from, length, hash, number)));
        assertThat(read).isEqualTo(expected.stream().filter(key -> slice.has(key.hash)).toList());
      }
    }
  }

  @Test
  void dividedPartitionsInMemoryHaveEachKeyOnce() {
    RowKeys keys = keys(List.of("text"));
    keys.read(rows(new Random(4), 9_000, true));
    try (KeyPartitions partitions =
        KeyPartitions.keeping(KeyPartitions.Contents.UNIQUE_KEYS, MUCH, MUCH)) {
      long[] hashes = keys.hashes();
      partitions.add(keys, 0, hashes, row -> row);
      List<Long> read = new ArrayList<>();
      int[] visited = {0};
      partitions.each(
          all -> {
            assertThat(all.records()).isEqualTo(keys.count());
            all.divide(
                hash -> (hash & 1) == 0,
                part ->
                    part.divide(
                        hash -> true,
                        smaller -> {
                          visited[0]++;
                          smaller.read(
                              (key, from, length, hash, number) -> {
                                assertThat(hash & 1).isZero();
                                read.add(number);
                              });
                        }));
          });
      Set<Long> even = new TreeSet<>();
      for (int key = 0; key < keys.count(); key++) {
        if ((hashes[key] & 1) == 0) {
          even.add((long) keys.row(key));
        }
      }
      assertThat(read).hasSameSizeAs(even).containsExactlyInAnyOrderElementsOf(even);
      assertThat(visited[0]).isEqualTo(128);
      assertThat(partitions.isInMemory()).isTrue();
    }
  }

  private static RowKeys keys(List<String> columns) {
    return RowKeys.of(SCHEMA, columns, KeyHash.FULL);
  }

  private static void addTo(
      List<Key> target, RowKeys keys, int from, int to, IntToLongFunction numbers) {
    long[] hashes = keys.hashes();
    for (int key = from; key < to; key++) {
      keys.encode(key);
      long number = numbers.applyAsLong(keys.row(key));
      target.add(Key.of(keys.bytes(), 0, keys.length(), hashes[key], number));
    }
  }

  private static List<Key> read(NumberedKeys kept) {
    List<Key> keys = new ArrayList<>();
    kept.read(
        all -> true,
        (key, from, length, hash, number) -> keys.add(Key.of(key, from, length, hash, number)));
    return keys;
  }

  /** Numbers of rows that follow each other, that do not, and of no row. */
  private static IntToLongFunction numbers(Random random, long first) {
    long[] some = new long[20_000];
    Arrays.setAll(some, row -> (first + row * 2L - row % 2) << UniqueKeys.ROW_BIT);
    return switch (random.nextInt(3)) {
      case 0 -> row -> (first + row) << UniqueKeys.ROW_BIT;
      case 1 -> row -> some[row];
      default -> row -> UniqueKeys.NO_ROW;
    };
  }

  private static VectorBatch rows(Random random, int count, boolean complete) {
    List<Object[]> rows = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      boolean missing = !complete && random.nextInt(20) == 0;
      String text = "x".repeat(random.nextInt(40)) + random.nextInt(100_000);
      rows.add(
          new Object[] {
            missing ? null : random.nextInt(2_000) == 0 ? text.repeat(300) : text,
            !complete && random.nextInt(20) == 0 ? null : (Object) random.nextLong()
          });
    }
    return RowBatches.batch(SCHEMA, rows);
  }
}
