package io.meshwork.internal.ingest.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowNumbersTest {
  @Test
  void numbersInAnyOrderAreReadAsTheyWereAdded() throws Exception {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      long[] numbers = new long[random.nextInt(400)];
      long next = random.nextLong(1L << 50);
      for (int i = 0; i < numbers.length; i++) {
        next = random.nextInt(4) > 0 ? next + 1 : random.nextLong(1L << 50);
        numbers[i] = next;
      }
      RowNumbers kept = new RowNumbers();
      int from = 0;
      while (from < numbers.length) {
        int to = Math.min(numbers.length, from + 1 + random.nextInt(50));
        kept.add(Arrays.copyOfRange(numbers, from, to));
        from = to;
      }

      RowNumbers.Numbers read = sent(kept.finish()).read();
      for (long number : numbers) {
        assertThat(read.hasNext()).isTrue();
        assertThat(read.next()).as("seed " + seed).isEqualTo(number);
      }
      assertThat(read.hasNext()).isFalse();
    }
  }

  @Test
  void aMillionRowsInOrderTakeAFewBytes() throws Exception {
    RowNumbers numbers = new RowNumbers();
    for (int batch = 0; batch < 1_000; batch++) {
      long[] each = new long[1_000];
      for (int i = 0; i < each.length; i++) {
        each[i] = (5L << 40) + batch * 1_000L + i;
      }
      numbers.add(each);
    }
    assertThat(bytes(numbers.finish()).length).isLessThan(400);
  }

  private static byte[] bytes(RowNumbers numbers) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(numbers);
    }
    return bytes.toByteArray();
  }

  private static RowNumbers sent(RowNumbers numbers) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes(numbers)))) {
      return (RowNumbers) in.readObject();
    }
  }
}
