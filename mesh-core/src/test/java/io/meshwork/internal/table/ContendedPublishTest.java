package io.meshwork.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.ledger.MeshFormat;
import io.meshwork.internal.ledger.ScriptedRegistry.Fault;
import io.meshwork.registry.Registry.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.Snapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContendedPublishTest {
  private static final int THREADS = 4;
  private static final int PUBLISHES_EACH = 25;

  @Test
  void hundredPublishesByFourThreadsLoseAndDuplicateNothingThoughRepliesAreLost(
      @TempDir Path folder) throws Exception {
    TableFixture fixture = new TableFixture(folder);
    MeshFormat.ensure(fixture.mesh.ledger);
    fixture.createBoth();
    AtomicInteger replies = new AtomicInteger();
    fixture.mesh.registry.script(
        transaction -> {
          int reply = replies.incrementAndGet();
          if (reply % 5 != 0) {
            return Fault.NONE;
          }
          return reply % 10 == 0 ? Fault.HELD : Fault.REPLY_LOST;
        });

    List<Long> sequences = publishAll(fixture);

    assertThat(fixture.mesh.registry.deliverLate()).isNotEmpty().containsOnly(Outcome.ABORTED);
    Set<String> expected = new TreeSet<>();
    for (int thread = 0; thread < THREADS; thread++) {
      for (int i = 0; i < PUBLISHES_EACH; i++) {
        expected.add("t" + thread + "p" + i);
      }
    }
    assertThat(sequences).hasSize(THREADS * PUBLISHES_EACH).doesNotHaveDuplicates();
    for (TableName name : List.of(fixture.rows, fixture.bad)) {
      assertThat(fixture.publishes(name)).containsExactlyElementsOf(expected);
      assertThat(TableState.of(fixture.tables.load(name)).sequence())
          .isEqualTo(THREADS * PUBLISHES_EACH);
      assertThat(fixture.metadataFiles(name)).isEqualTo(fixture.reachableMetadata(name));
    }
    assertThat(orderOf(fixture, fixture.bad))
        .as("both tables were updated in the same order")
        .isEqualTo(orderOf(fixture, fixture.rows));
    assertThat(fixture.mesh.ledger.entries(fixture.rows.partition()))
        .hasSize(1 + THREADS * PUBLISHES_EACH);
    assertThat(fixture.mesh.ledger.verify(fixture.rows.partition())).isEmpty();
  }

  private static List<Long> publishAll(TableFixture fixture) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    List<Future<List<Long>>> running = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      String prefix = "t" + thread + "p";
      running.add(
          threads.submit(
              () -> {
                List<Long> mine = new ArrayList<>();
                for (int i = 0; i < PUBLISHES_EACH; i++) {
                  mine.add(fixture.publish(prefix + i, 2, 1));
                }
                return mine;
              }));
    }
    List<Long> sequences = new ArrayList<>();
    for (Future<List<Long>> one : running) {
      sequences.addAll(one.get(240, TimeUnit.SECONDS));
    }
    threads.shutdown();
    return sequences;
  }

  private static List<String> orderOf(TableFixture fixture, TableName name) {
    List<String> order = new ArrayList<>();
    for (Snapshot snapshot : fixture.tables.load(name).snapshots()) {
      order.add(snapshot.summary().get("meshwork.publish"));
    }
    return order;
  }
}
