package io.meshwork.internal.uniqueness;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.quality.DistinctCount;
import io.meshwork.internal.quality.QualityVectorsTest;
import io.meshwork.internal.schema.LeafPath;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

/** Compares sets of keys with Java's sets. */
class KeysTest {
  private static final Schema SCHEMA =
      new Schema(
          Types.NestedField.optional(1, "id", Types.LongType.get()),
          Types.NestedField.optional(2, "name", Types.StringType.get()));

  private static RowMask all(int rows) {
    RowMask mask = new RowMask(rows);
    mask.flip(rows);
    return mask;
  }

  private static VectorBatch batch(List<Long> ids, List<String> names) {
    VectorBatch batch = VectorBatch.empty(SCHEMA);
    for (int row = 0; row < ids.size(); row++) {
      if (ids.get(row) == null) {
        batch.vector(0).appendNull();
      } else {
        ((LongVector) batch.vector(0)).append(ids.get(row));
      }
      if (names.get(row) == null) {
        batch.vector(1).appendNull();
      } else {
        ((BytesVector) batch.vector(1)).append(names.get(row).getBytes(StandardCharsets.UTF_8));
      }
    }
    return batch;
  }

  private static List<LeafPath> columns(String... names) {
    return List.of(names).stream().map(name -> LeafPath.of(SCHEMA, name)).toList();
  }

  @Test
  void spilledKeysAreCountedOnce() {
    for (int round = 0; round < 12; round++) {
      long seed = 77 + round;
      Random random = new Random(seed);
      Set<String> oracle = new HashSet<>();
      long most = round % 3 == 0 ? SpilledKeys.MAX_IN_MEMORY : 24 << 10;
      try (DistinctCount spilling = new DistinctCount(LeafPath.of(SCHEMA, "name"), most);
          DistinctCount other = new DistinctCount(LeafPath.of(SCHEMA, "name"), 24 << 10)) {
        for (int part = 0; part < 20; part++) {
          List<Long> ids = new ArrayList<>();
          List<String> names = new ArrayList<>();
          for (int row = 0; row < 500; row++) {
            ids.add(1L);
            names.add(random.nextInt(9) == 0 ? null : "name " + random.nextInt(4_000));
          }
          names.stream().filter(name -> name != null).forEach(oracle::add);
          (part % 2 == 0 ? spilling : other).add(batch(ids, names), all(500));
        }
        spilling.add(other);
        assertThat(spilling.result().asDouble()).as("seed " + seed).hasValue(oracle.size());
        assertThat(spilling.result().asDouble()).as("asked again").hasValue(oracle.size());
      }
    }
  }

  @Test
  void zerosAreEqualAndSoAreNans() {
    Schema doubles = new Schema(Types.NestedField.optional(1, "x", Types.DoubleType.get()));
    VectorBatch batch = VectorBatch.empty(doubles);
    for (double value : new double[] {0.0, -0.0, Double.NaN, Double.NaN, 1}) {
      ((DoubleVector) batch.vector(0)).append(value);
    }
    try (DistinctCount count = new DistinctCount(LeafPath.of(doubles, "x"))) {
      count.add(batch, all(5));
      assertThat(count.result().asDouble()).hasValue(3);
    }
  }

  @Test
  void referencesMatchAJoinWithoutNulls() {
    for (int round = 0; round < 20; round++) {
      long seed = 500 + round;
      Random random = new Random(seed);
      VectorBatch there = random(random, 300);
      VectorBatch rows = random(random, 300);
      KnownKeys known = new KnownKeys();
      known.add(there, columns("id", "name"));
      RowMask unknown = new RowMask(300);
      known.addUnknown(rows, columns("id", "name"), new RowMask(0), unknown);

      Set<List<Object>> keys = new HashSet<>();
      for (int row = 0; row < 300; row++) {
        keys.add(key(there, row));
      }
      for (int row = 0; row < 300; row++) {
        List<Object> key = key(rows, row);
        assertThat(unknown.get(row))
            .as("seed " + seed + ", row " + row)
            .isEqualTo(!key.contains("null") && !keys.contains(key));
      }
    }
  }

  private static VectorBatch random(Random random, int rows) {
    List<Long> ids = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      ids.add(random.nextInt(8) == 0 ? null : Long.valueOf(random.nextInt(20)));
      names.add(random.nextInt(8) == 0 ? null : "n".repeat(random.nextInt(5)));
    }
    return batch(ids, names);
  }

  private static List<Object> key(VectorBatch batch, int row) {
    return List.of(
        String.valueOf(batch.valueAt("id", row)), String.valueOf(batch.valueAt("name", row)));
  }

  @Test
  void keysBeyondTheLimitAreReported() {
    KnownKeys known = new KnownKeys(40 << 10);
    VectorBatch batch = random(new Random(1), 100);
    known.add(batch, columns("id"));
    assertThat(known.isFull()).isFalse();
    List<Long> ids = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (long id = 0; id < 10_000; id++) {
      ids.add(id);
      names.add("");
    }
    known.add(batch(ids, names), columns("id"));
    assertThat(known.isFull()).isTrue();
  }

  @Test
  void openReferencesCountRowsInsteadOfKeys() {
    OpenReferences open = new OpenReferences();
    Map<Long, Integer> asked = new HashMap<>(Map.of(1L, 2, 2L, 3, 9L, 4));
    List<Long> ids = new ArrayList<>();
    List<String> names = new ArrayList<>();
    asked.forEach(
        (id, times) -> {
          for (int i = 0; i < times; i++) {
            ids.add(id);
            names.add(null);
          }
        });
    open.add(batch(ids, names), all(ids.size()), columns("id"), columns("name"));

    assertThat(open.unmatched(List.of(), schema -> columns("id"))).isEqualTo(9);
    VectorBatch standing = batch(List.of(2L, 5L), List.of("", ""));
    assertThat(open.unmatched(List.of(standing), schema -> columns("id"))).isEqualTo(6);
    assertThat(open.unmatched(List.of(), schema -> columns("id"))).as("asked anew").isEqualTo(9);
  }

  @Test
  void keysOfAnyLengthAreDistinguishedExactly() {
    KeySet keys = new KeySet();
    byte[] key = new byte[40];
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 300_000; i++) {
        KeyBytes.putInt(key, i % 37, i);
        assertThat(add(keys, key, 4 + i % 37) == KeySet.ABSENT).isEqualTo(round == 0);
        Arrays.fill(key, (byte) 0);
      }
    }
    byte[] large = new byte[3 << 20];
    assertThat(add(keys, large, large.length)).isEqualTo(KeySet.ABSENT);
    large[large.length - 1] = 1;
    assertThat(find(keys, large)).isEqualTo(KeySet.ABSENT);
    large[large.length - 1] = 0;
    assertThat(find(keys, large)).isNotEqualTo(KeySet.ABSENT);
  }

  private static long add(KeySet keys, byte[] key, int length) {
    return keys.add(hash(key, length), key, 0, length, 1);
  }

  private static long find(KeySet keys, byte[] key) {
    return keys.find(hash(key, key.length), key, 0, key.length);
  }

  private static long hash(byte[] key, int length) {
    return KeyHash.ofBytes(KeyHash.START, key, 0, length);
  }

  @Test
  void keysAreReadInTheOrderOfTheirInsertionWithTheirNumbers() {
    KeySet keys = new KeySet();
    List<Long> inserted = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      byte[] key = new byte[1 + i % 700 * 3];
      KeyBytes.putLong(key = Arrays.copyOf(key, key.length + 8), 0, i);
      keys.add(hash(key, key.length), key, 0, key.length, -i);
    }
    keys.each(
        (key, from, length, number) -> {
          assertThat(KeyBytes.longAt(key, from)).isEqualTo(-number);
          assertThat(length).isEqualTo(9 + -(int) number % 700 * 3);
          inserted.add(-number);
        });
    assertThat(inserted).hasSize(4_000).isSorted();
    keys.number(find(keys, new byte[9]), 77);
    assertThat(keys.number(find(keys, new byte[9]))).isEqualTo(77);
  }

  @Test
  void aSetOfKeysStaysWithinItsMemory() {
    for (long limit : new long[] {1, 20_000, 1 << 20, 9 << 20}) {
      KeySet keys = new KeySet(limit);
      Random random = new Random(limit);
      long added = 0;
      byte[] key = new byte[300];
      long result = KeySet.ABSENT;
      while (result != KeySet.FULL) {
        KeyBytes.putLong(key, 0, added);
        result = add(keys, key, 8 + random.nextInt(292));
        added += result == KeySet.ABSENT ? 1 : 0;
      }
      assertThat(keys.size()).isEqualTo(added);
      assertThat(keys.memory()).isLessThanOrEqualTo(Math.max(limit, 8 << 10));
      assertThat(added).isGreaterThanOrEqualTo(limit / 1_000 - 1);
      keys.removeLimit();
      assertThat(add(keys, key, 300)).isEqualTo(KeySet.ABSENT);
    }
  }

  @Test
  void hashesFollowTheEncodedKeyWhateverVectorHoldsIt() {
    for (long seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      VectorBatch batch = random(random, 200);
      RowKeys flat = new RowKeys(columns("id", "name"));
      RowKeys encoded = new RowKeys(columns("id", "name"));
      int count = flat.read(batch);
      assertThat(encoded.read(QualityVectorsTest.encoded(batch))).isEqualTo(count);
      long[] hashes = flat.hashes();
      for (int i = 0; i < count; i++) {
        assertThat(encoded.hashes()[i]).isEqualTo(hashes[i]);
        flat.encode(i);
        encoded.encode(i);
        assertThat(KeyHash.FULL.ofKey(new boolean[] {false, true}, flat.bytes(), 0))
            .isEqualTo(hashes[i]);
        assertThat(Arrays.copyOf(encoded.bytes(), encoded.length()))
            .isEqualTo(Arrays.copyOf(flat.bytes(), flat.length()));
        assertThat(flat.ofRow(flat.row(i))).isEqualTo(i);
      }
      for (int row = 0; row < 200; row++) {
        boolean missing = batch.vector(0).isNull(row) || batch.vector(1).isNull(row);
        assertThat(flat.ofRow(row) == RowKeys.NONE).isEqualTo(missing);
      }
    }
  }

  @Test
  void hashesOfSimilarKeysDiffer() {
    Set<Long> hashes = new HashSet<>();
    int keys = 0;
    for (int length = 0; length < 70; length++) {
      byte[] key = new byte[length];
      hashes.add(hash(key, length));
      keys++;
      for (int at = 0; at < length; at++) {
        for (int bit = 0; bit < 8; bit++) {
          key[at] = (byte) (1 << bit);
          hashes.add(hash(key, length));
          keys++;
        }
        key[at] = 0;
      }
    }
    assertThat(hashes).hasSize(keys);
  }

  @Test
  void aSetOfHashesKnowsWhatWasAddedOrThatItIsFull() {
    Random random = new Random(3);
    for (long limit : new long[] {600, 40_000, Long.MAX_VALUE}) {
      LongHashSet set = new LongHashSet(limit == 40_000 ? 1_000_000 : 0, limit);
      Set<Long> oracle = new HashSet<>();
      for (int i = 0; i < 20_000 && !set.isFull(); i++) {
        long hash = random.nextInt(9) == 0 ? random.nextInt(3) : random.nextLong() >> 20;
        boolean added = set.add(hash);
        if (!set.isFull()) {
          assertThat(added).isEqualTo(oracle.add(hash));
        }
      }
      assertThat(set.isFull()).isEqualTo(limit < Long.MAX_VALUE);
      assertThat(set.size()).isEqualTo(oracle.size());
      assertThat(oracle).allMatch(set::contains);
    }
  }
}
