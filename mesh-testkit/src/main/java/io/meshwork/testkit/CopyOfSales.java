package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.error.ConflictException;
import io.meshwork.testkit.MeshModes.Sale;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A consumer's own copy of the sales, which several processes keep by what they poll. */
final class CopyOfSales {
  private static final int PROCESSES = 3;

  private final List<Subscription<Sale>> processes = new ArrayList<>();
  private final Polled[] held = new Polled[PROCESSES];
  private final Function<Sale, Map<String, Object>> partition;
  private final Map<String, ModelOfSales.Filter> filters;
  private final ModelOfSales model;
  private final Predicate<Sale> wanted;
  private final Random random;
  private List<Sale> rows = new ArrayList<>();
  private List<Sale> outstanding = List.of();
  private String outstandingId = "";
  private String acked = "";
  private int seeks;

  /** A batch that a process holds, with its rows as they were when it polled. */
  private record Polled(Batch<Sale> batch, List<Sale> rows, int seeks) {}

  CopyOfSales(
      MeshClient client,
      String name,
      Function<Sale, Map<String, Object>> partition,
      Map<String, ModelOfSales.Filter> filters,
      ModelOfSales model,
      ModelOfSales.@Nullable Filter where,
      Random random) {
    this.partition = partition;
    this.filters = filters;
    this.model = model;
    this.wanted = where == null ? sale -> true : where.matches();
    this.random = random;
    for (int i = 0; i < PROCESSES; i++) {
      Subscribe<Sale> subscribe =
          client
              .subscribe(MeshModes.SALES)
              .named(name)
              .forPurpose("a copy")
              .as(Sale.class)
              .atMost(15);
      processes.add((where == null ? subscribe : subscribe.where(where.text())).commit());
    }
  }

  /** Rows went for good: a batch that was handed out has them no more. */
  void erased(Predicate<Sale> gone) {
    outstanding = outstanding.stream().filter(gone.negate()).toList();
  }

  /** Some process may poll or acknowledge what it holds; now and then the position is moved. */
  void mayAct(String at) {
    for (int turns = random.nextInt(4); turns > 0; turns--) {
      int process = random.nextInt(PROCESSES);
      Polled batch = held[process];
      if (random.nextInt(25) == 0) {
        seek(process);
      } else if (batch != null && random.nextInt(3) > 0) {
        acknowledge(batch, at);
      } else {
        held[process] = poll(process, at);
      }
    }
  }

  /** Polls until nothing comes any more; then the copy is the table. */
  void catchUp(String at) {
    Polled polled = poll(0, at);
    while (!polled.batch().isEmpty()) {
      acknowledge(polled, at);
      polled = poll(0, at);
    }
    PolledSales.assertSameRows(at, rows, wanted(model.rows()));
  }

  private Polled poll(int process, String at) {
    try (Batch<Sale> batch = processes.get(process).poll()) {
      List<Sale> polled = new ArrayList<>();
      batch.forEach(polled::add);
      if (!outstandingId.isEmpty()) {
        assertThat(batch.id()).as(at).isEqualTo(outstandingId);
        PolledSales.assertSameRows(at, polled, outstanding);
      } else if (batch.isEmpty()) {
        PolledSales.assertSameRows(at, rows, wanted(model.rows()));
      } else {
        outstandingId = batch.id();
        outstanding = polled;
      }
      return new Polled(batch, polled, seeks);
    }
  }

  private void acknowledge(Polled polled, String at) {
    Batch<Sale> batch = polled.batch();
    if (polled.seeks() == seeks && !batch.isEmpty() && batch.id().equals(outstandingId)) {
      apply(polled);
      batch.ack();
      acked = outstandingId;
      outstandingId = "";
    } else if (batch.isEmpty() || (polled.seeks() == seeks && batch.id().equals(acked))) {
      batch.ack();
    } else {
      assertThatThrownBy(batch::ack).as(at).isInstanceOf(ConflictException.class);
    }
  }

  private void apply(Polled polled) {
    Batch<Sale> batch = polled.batch();
    switch (batch.kind()) {
      case ADDED -> assertThat(batch.predicate()).isEmpty();
      case REPLACED -> {
        Set<Map<String, Object>> partitions = new HashSet<>(batch.partitions());
        assertThat(partitions.isEmpty()).isEqualTo(batch.predicate().isPresent());
        rows.removeIf(
            partitions.isEmpty()
                ? filter(batch)
                : sale -> partitions.contains(partition.apply(sale)));
      }
      case ERASED -> {
        assertThat(polled.rows()).isEmpty();
        rows.removeIf(filter(batch));
      }
      case RESET -> {
        assertThat(batch.reason()).isPresent();
        rows = new ArrayList<>();
      }
    }
    rows.addAll(polled.rows());
  }

  private Predicate<Sale> filter(Batch<Sale> batch) {
    assertThat(batch.predicate()).isPresent();
    return Objects.requireNonNull(filters.get(batch.snapshot().id())).matches();
  }

  /** To the start, or to a snapshot; the copy is then as it was there. */
  private void seek(int process) {
    List<String> snapshots = model.snapshots();
    Subscription<Sale> subscription = processes.get(process);
    if (snapshots.isEmpty() || random.nextBoolean()) {
      subscription.seek().toStart().commit();
      rows = new ArrayList<>();
    } else {
      String target = snapshots.get(random.nextInt(snapshots.size()));
      assertThat(subscription.seek().toSnapshot(target).commit().snapshotId()).contains(target);
      rows = new ArrayList<>(wanted(model.at(target)));
    }
    seeks++;
    outstandingId = "";
    acked = "";
  }

  private List<Sale> wanted(List<Sale> all) {
    return all.stream().filter(wanted).toList();
  }
}
