package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Page;
import io.meshwork.registry.Registry.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The part of {@link RegistryConformance} that lists partitions. */
abstract class RegistryPagingSuite extends RegistryFixture {
  private static final String PARTITION = "commerce/orders";

  /** With {@link #FILLER}, more than fits into a page. */
  private static final int DOCUMENTS = 600;

  private static final String FILLER = "\"" + "x".repeat(5_000) + "\"";

  @Test
  void unchangedDocumentsAreListedOnceAndInOrderDuringWrites() throws Exception {
    List<Key> staying = IntStream.range(0, DOCUMENTS).mapToObj(i -> numbered(2 * i)).toList();
    for (int i = 0; i < DOCUMENTS; i += 60) {
      Transaction.Builder builder = Transaction.attempt(nextId());
      staying.subList(i, i + 60).forEach(key -> builder.insert(key, FILLER));
      assertThat(registry.commit(builder.build())).isEqualTo(Outcome.COMMITTED);
    }
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService writer = Executors.newSingleThreadExecutor();
    List<Key> seen = new ArrayList<>();
    int pages = 0;
    try {
      Future<Integer> writes = writer.submit(() -> comeAndGoUntil(done));
      String cursor = null;
      do {
        Page page = registry.list(PARTITION, "n/", cursor);
        page.documents().forEach(document -> seen.add(document.key()));
        cursor = page.nextCursor();
        pages++;
        writeAround(seen.get(seen.size() - 1));
      } while (cursor != null);
      done.set(true);
      assertThat(writes.get()).isPositive();
    } finally {
      done.set(true);
      writer.shutdown();
    }

    assertThat(pages).as("3 MB take more than one page").isGreaterThan(1);
    assertThat(seen).isSorted().doesNotHaveDuplicates().containsAll(staying);
  }

  @Test
  void keysAreSortedAsAscii() {
    List<String> sorts =
        List.of(
            "k", "k ", "k!", "k-", "k-1", "k/", "k/1", "k/10", "k/2", "kA", "kZ", "k_", "ka", "kz",
            "k~");
    Transaction.Builder builder = Transaction.attempt(nextId());
    sorts.forEach(sort -> builder.insert(new Key(PARTITION, sort), "1"));
    assertThat(registry.commit(builder.build())).isEqualTo(Outcome.COMMITTED);

    assertThat(walk(PARTITION, "k"))
        .extracting(document -> document.key().sort())
        .containsExactlyElementsOf(sorts);
  }

  @Test
  void aPrefixListsExactlyItsKeys() {
    for (String sort :
        List.of("grant", "grant/", "grant/1", "grant/~", "grant0", "grants/1", "Grant/1")) {
      commitOne(new Key(PARTITION, sort), "1");
    }

    assertThat(walk(PARTITION, "grant/"))
        .extracting(document -> document.key().sort())
        .containsExactly("grant/", "grant/1", "grant/~");
    assertThat(walk(PARTITION, "grant/2")).isEmpty();
  }

  @Test
  void aListContainsNoOtherPartition() {
    List<String> partitions = List.of("d", "d/p", "d/p/q", "d/p2", "d2", "D", "c", "e");
    for (String partition : partitions) {
      commitOne(new Key(partition, "product/1"), "\"" + partition + "\"");
    }

    for (String partition : partitions) {
      assertThat(walk(partition, "product/"))
          .extracting(Document::json)
          .containsExactly("\"" + partition + "\"");
      assertThat(walk(partition, ""))
          .allSatisfy(document -> assertThat(document.key().partition()).isEqualTo(partition))
          .hasSize(2);
    }
  }

  @Test
  void rowsOfAttemptsAreListedInTheirPartition() {
    String first = commitOne(new Key(PARTITION, "a"), "1");
    String second = commitOne(new Key(PARTITION, "b"), "1");
    String fenced = nextId();
    registry.resolve(PARTITION, fenced);

    assertThat(walk(PARTITION, Registry.ATTEMPT_PREFIX))
        .extracting(Document::version)
        .containsExactlyInAnyOrder(first, second, fenced);
  }

  private static Key numbered(int number) {
    return new Key(PARTITION, String.format(Locale.ROOT, "n/%05d", number));
  }

  /** Changes documents just before and after the cursor, except those with even numbers. */
  private void writeAround(Key last) {
    int number = Integer.parseInt(last.sort().substring(2));
    for (int odd : new int[] {number / 2 * 2 - 1, number / 2 * 2 + 1, number / 2 * 2 + 11}) {
      if (odd > 0) {
        toggle(numbered(odd));
      }
    }
    Key stays = numbered(number / 2 * 2);
    registry
        .read(stays)
        .ifPresent(
            document ->
                assertThat(
                        registry.commit(
                            Transaction.attempt(nextId())
                                .replace(stays, FILLER + " ", document.version())
                                .build()))
                    .isEqualTo(Outcome.COMMITTED));
  }

  /** Writes and deletes documents in the whole partition, and counts the changes. */
  private int comeAndGoUntil(AtomicBoolean done) {
    int writes = 0;
    do {
      toggle(numbered(writes * 7 * 2 % (2 * DOCUMENTS) + 1));
      writes++;
    } while (!done.get());
    return writes;
  }

  private void toggle(Key key) {
    Transaction.Builder builder = Transaction.attempt(nextId());
    registry
        .read(key)
        .ifPresentOrElse(
            document -> builder.delete(key, document.version()), () -> builder.insert(key, "1"));
    CounterClient.settle(registry, builder.build());
  }
}
