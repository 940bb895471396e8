package io.meshwork.internal.uniqueness;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.contract.Rule;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

/** Intervals show that keys are apart, and never that equal keys are. */
class KeyIntervalsTest {
  private static final Schema SCHEMA =
      new Schema(
          Types.NestedField.optional(1, "id", Types.LongType.get()),
          Types.NestedField.optional(2, "code", Types.StringType.get()));

  @Test
  void ascendingNumbersOfSeveralTasksAreApart() throws Exception {
    assertThat(apart(numbers(0, 3_000), numbers(6_000, 9_000), numbers(3_000, 6_000)))
        .containsExactly(true, true, true);
    assertThat(bytes(ofNumbers(numbers(0, 100_000), 10)).length)
        .isEqualTo(bytes(ofNumbers(numbers(0, 20), 10)).length);
  }

  @Test
  void aTaskWithTwoPiecesOfTheInputIsApartFromTheTaskInBetween() throws Exception {
    assertThat(apart(joined(numbers(0, 500), numbers(100_000, 100_500)), numbers(500, 100_000)))
        .containsExactly(true, true);
    assertThat(apart(joined(numbers(5_000, 9_000), numbers(0, 1_000)), numbers(1_000, 5_000)))
        .containsExactly(true, true);
  }

  @Test
  void oneSharedNumberPutsBothTasksInDoubt() throws Exception {
    assertThat(apart(numbers(0, 1_001), numbers(1_000, 2_000), numbers(2_000, 3_000)))
        .containsExactly(false, false, true);
  }

  @Test
  void aTaskWithARepeatedNumberIsInDoubtAlone() throws Exception {
    assertThat(apart(joined(numbers(0, 10), numbers(9, 20)), numbers(20, 30)))
        .containsExactly(false, true);
  }

  @Test
  void numbersWithoutOrderAreInDoubtAndTheirTaskSendsOneInterval() throws Exception {
    long[] shuffled = new Random(3).longs(50_000, 0, 1L << 40).distinct().toArray();
    KeyIntervals sent = sent(ofNumbers(shuffled, 1_000));

    assertThat(bytes(sent).length).isLessThan(4_000);
    assertThat(apart(shuffled, numbers(1L << 40, (1L << 40) + 9))).containsExactly(false, true);
    assertThat(apart(shuffled, numbers(1L << 39, (1L << 39) + 9))).containsExactly(false, false);
  }

  @Test
  void rowsWithoutAKeyAreComparedWithNone() throws Exception {
    KeyIntervals some = new KeyIntervals(Rule.unique("id"), SCHEMA);
    LongVector ids = new LongVector();
    BytesVector codes = new BytesVector();
    for (long id : new long[] {1, 2}) {
      ids.appendNull();
      ids.append(id);
      codes.appendNull();
      codes.appendNull();
    }
    some.add(new VectorBatch(SCHEMA, List.of(ids, codes), 4));

    boolean[] apart = {true, true, true};
    KeyIntervals.retainApart(
        List.of(some, new KeyIntervals(Rule.unique("id"), SCHEMA), ofNumbers(numbers(3, 9), 4)),
        apart);

    assertThat(apart).containsExactly(true, true, true);
  }

  @Test
  void whatIsShownToBeApartIsApart() throws Exception {
    int shown = 0;
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      int parts = random.nextInt(1, 5);
      long most = 1L << random.nextInt(1, 12);
      boolean sorted = random.nextInt(4) > 0;
      List<KeyIntervals> intervals = new ArrayList<>();
      List<List<String>> keys = new ArrayList<>();
      for (int part = 0; part < parts; part++) {
        long from = random.nextInt(3) > 0 ? part * most : random.nextLong(most * parts);
        long[] ids = random.longs(random.nextInt(12), from, from + most).toArray();
        if (sorted) {
          Arrays.sort(ids);
        }
        KeyIntervals some = new KeyIntervals(Rule.unique("id", "code"), SCHEMA);
        List<String> ofPart = new ArrayList<>();
        for (int start = 0; start < ids.length; start += 5) {
          LongVector numbers = new LongVector();
          BytesVector codes = new BytesVector();
          for (int i = start; i < Math.min(start + 5, ids.length); i++) {
            String code = "abc".substring(random.nextInt(3));
            numbers.append(ids[i]);
            codes.append(code.getBytes(StandardCharsets.UTF_8));
            ofPart.add(ids[i] + code);
          }
          some.add(new VectorBatch(SCHEMA, List.of(numbers, codes), numbers.size()));
        }
        intervals.add(sent(some));
        keys.add(ofPart);
      }
      boolean[] apart = new boolean[parts];
      Arrays.fill(apart, true);
      KeyIntervals.retainApart(intervals, apart);
      for (int part = 0; part < parts; part++) {
        if (apart[part]) {
          Set<String> others = new HashSet<>();
          for (int other = 0; other < parts; other++) {
            if (other != part) {
              others.addAll(keys.get(other));
            }
          }
          assertThat(keys.get(part)).as("seed " + seed).doesNotHaveDuplicates();
          assertThat(others).as("seed " + seed).noneMatch(keys.get(part)::contains);
          shown += keys.get(part).isEmpty() ? 0 : 1;
        }
      }
    }
    assertThat(shown).isGreaterThan(500);
  }

  private static long[] numbers(long from, long to) {
    return LongStream.range(from, to).toArray();
  }

  private static long[] joined(long[] first, long[] second) {
    return LongStream.concat(LongStream.of(first), LongStream.of(second)).toArray();
  }

  private static boolean[] apart(long[]... parts) throws Exception {
    List<KeyIntervals> intervals = new ArrayList<>();
    for (long[] part : parts) {
      intervals.add(sent(ofNumbers(part, 1_000)));
    }
    boolean[] apart = new boolean[parts.length];
    Arrays.fill(apart, true);
    KeyIntervals.retainApart(intervals, apart);
    return apart;
  }

  private static KeyIntervals ofNumbers(long[] ids, int batch) {
    KeyIntervals intervals = new KeyIntervals(Rule.unique("id"), SCHEMA);
    for (int start = 0; start < ids.length; start += batch) {
      LongVector numbers = new LongVector();
      BytesVector codes = new BytesVector();
      for (int i = start; i < Math.min(start + batch, ids.length); i++) {
        numbers.append(ids[i]);
        codes.appendNull();
      }
      intervals.add(new VectorBatch(SCHEMA, List.of(numbers, codes), numbers.size()));
    }
    return intervals;
  }

  private static byte[] bytes(KeyIntervals intervals) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(intervals);
    }
    return bytes.toByteArray();
  }

  /** As another process gets it. */
  private static KeyIntervals sent(KeyIntervals intervals)
      throws IOException, ClassNotFoundException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes(intervals)))) {
      return (KeyIntervals) in.readObject();
    }
  }
}
