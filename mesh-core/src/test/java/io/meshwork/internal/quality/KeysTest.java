package io.meshwork.internal.quality;

import static org.assertj.core.api.Assertions.assertThat;

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
        boolean absent = keys.find(key, 4 + i % 37) == KeySet.ABSENT;
        assertThat(absent).isEqualTo(round == 0);
        if (absent) {
          keys.add(1);
        }
        Arrays.fill(key, (byte) 0);
      }
    }
    byte[] large = new byte[3 << 20];
    assertThat(keys.find(large, large.length)).isEqualTo(KeySet.ABSENT);
    keys.add(1);
    large[large.length - 1] = 1;
    assertThat(keys.find(large, large.length)).isEqualTo(KeySet.ABSENT);
    large[large.length - 1] = 0;
    assertThat(keys.find(large, large.length)).isNotEqualTo(KeySet.ABSENT);
  }
}
