package io.meshwork.internal.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeptKeysTest {
  private static final long MUCH = 16L << 20;

  private record Key(byte[] bytes, long hash, long number) {}

  @Test
  void eachPartitionHasItsKeysInOrder() {
    Random random = new Random(5);
    List<Key> added = keys(30_000, random);
    KeptKeys kept = new KeptKeys(MUCH);
    for (Key key : added) {
      assertThat(kept.add(key.bytes, 0, key.bytes.length, key.hash, key.number)).isTrue();
    }
    assertRead(kept, added);
  }

  @Test
  void keysAddedAfterAReadAreReadToo() {
    Random random = new Random(6);
    List<Key> added = keys(9_000, random);
    KeptKeys kept = new KeptKeys(MUCH);
    for (Key key : added.subList(0, 5_000)) {
      kept.add(key.bytes, 0, key.bytes.length, key.hash, key.number);
    }
    assertRead(kept, added.subList(0, 5_000));
    for (Key key : added.subList(5_000, 9_000)) {
      kept.add(key.bytes, 0, key.bytes.length, key.hash, key.number);
    }
    assertRead(kept, added);
  }

  @Test
  void onlyKeysWithWantedHashesAreRead() {
    List<Key> added = keys(10_000, new Random(7));
    KeptKeys kept = new KeptKeys(MUCH);
    Set<Long> wanted = new HashSet<>();
    List<Long> read = new ArrayList<>();
    for (Key key : added) {
      kept.add(key.bytes, 0, key.bytes.length, key.hash, key.number);
      if (key.number % 3 == 0) {
        wanted.add(key.hash);
      }
    }
    for (int part = 0; part < KeyPartitions.COUNT; part++) {
      kept.read(
          part,
          wanted::contains,
          (key, from, length, hash, number) -> {
            assertThat(wanted).contains(hash);
            read.add(number);
          });
    }
    assertThat(read)
        .containsExactlyInAnyOrderElementsOf(
            added.stream().filter(key -> wanted.contains(key.hash)).map(Key::number).toList());
  }

  @Test
  void aKeyBeyondTheLimitIsNotAdded() {
    List<Key> added = keys(100_000, new Random(8));
    KeptKeys kept = new KeptKeys(1 << 20);
    int count = 0;
    while (add(kept, added.get(count))) {
      count++;
    }
    assertThat(count).isBetween(5_000, 40_000);
    assertRead(kept, added.subList(0, count));
  }

  @Test
  void partitionsMoveToAFileAndKeepTheirOrder() {
    List<Key> added = keys(40_000, new Random(9));
    try (KeyPartitions partitions =
        KeyPartitions.keeping(KeyPartitions.Contents.UNIQUE_KEYS, 256 << 10, 1 << 20)) {
      for (Key key : added) {
        partitions.add(key.bytes, 0, key.bytes.length, key.hash, key.number);
      }
      assertThat(partitions.isInMemory()).isFalse();
      for (int part = 0; part < KeyPartitions.COUNT; part++) {
        List<Long> numbers = new ArrayList<>();
        List<Long> hashes = new ArrayList<>();
        partitions.read(
            part,
            (key, from, length, hash, number) -> {
              assertThat(Arrays.copyOfRange(key, from, from + length))
                  .isEqualTo(added.get((int) number).bytes);
              numbers.add(number);
            });
        partitions.hashes(part, hashes::add);
        assertThat(numbers).isEqualTo(numbersOf(added, part));
        assertThat(hashes)
            .isEqualTo(numbers.stream().map(n -> added.get(n.intValue()).hash).toList());
      }
    }
  }

  private static boolean add(KeptKeys kept, Key key) {
    return kept.add(key.bytes, 0, key.bytes.length, key.hash, key.number);
  }

  private static void assertRead(KeptKeys kept, List<Key> added) {
    int records = 0;
    for (int part = 0; part < KeyPartitions.COUNT; part++) {
      List<Long> numbers = new ArrayList<>();
      List<Long> hashes = new ArrayList<>();
      kept.read(
          part,
          all -> true,
          (bytes, from, length, hash, number) -> {
            Key key = added.get((int) number);
            assertThat(Arrays.copyOfRange(bytes, from, from + length)).isEqualTo(key.bytes);
            assertThat(hash).isEqualTo(key.hash);
            numbers.add(number);
          });
      kept.hashes(part, hashes::add);
      assertThat(numbers).isEqualTo(numbersOf(added, part));
      assertThat(hashes)
          .isEqualTo(numbers.stream().map(n -> added.get(n.intValue()).hash).toList());
      assertThat(kept.records(part)).isEqualTo(numbers.size());
      records += kept.records(part);
    }
    assertThat(records).isEqualTo(added.size());
  }

  private static List<Long> numbersOf(List<Key> added, int part) {
    return added.stream()
        .filter(key -> (key.hash & (KeyPartitions.COUNT - 1)) == part)
        .map(Key::number)
        .toList();
  }

  private static List<Key> keys(int count, Random random) {
    List<Key> keys = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      byte[] key = new byte[number % 5_000 == 4_003 ? 300_000 : random.nextInt(60)];
      random.nextBytes(key);
      keys.add(new Key(key, KeyHash.ofBytes(KeyHash.START, key, 0, key.length), number));
    }
    return keys;
  }
}
