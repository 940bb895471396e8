package io.meshwork.internal.conformance.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.error.ConflictException;
import io.meshwork.internal.conformance.fixture.ModelOfSales;
import io.meshwork.internal.conformance.fixture.ModelOfSales.Filter;
import io.meshwork.internal.conformance.fixture.SalesFixture;
import io.meshwork.internal.conformance.fixture.SalesFixture.Sale;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A consumer's copy of the sales, which several processes maintain by polling. Each process may be
 * redeployed with another filter or other columns while a batch is issued.
 */
final class CopyOfSales {
  private static final int PROCESSES = 3;

  private final MeshClient client;
  private final String name;
  private final List<Deployment> processes = new ArrayList<>();
  private final OpenBatch[] held = new OpenBatch[PROCESSES];
  private final Function<Sale, Map<String, Object>> partition;
  private final Map<String, Filter> filters;
  private final ModelOfSales model;
  private final Supplier<Filter> rights;
  private final boolean deploys;
  private final Random random;
  private List<Sale> rows = new ArrayList<>();

  /** The filter of all rows in the copy; null if they came through different filters. */
  private @Nullable Filter rowsBy;

  private List<Sale> outstanding = List.of();
  private String outstandingId = "";
  private Filter outstandingBy = Filter.ALL;
  private Filter outstandingRights = Filter.ALL;
  private String acked = "";
  private int seeks;

  /** The subscription of a process, its filter, and whether it reads whole rows or only IDs. */
  private record Deployment(Subscription<?> subscription, Filter where, boolean whole) {}

  /** A batch that a process holds, with the rows at the time of its poll. */
  private record OpenBatch(Batch<?> batch, List<Sale> rows, int seeks) {}

  /**
   * Creates the subscriptions of all processes.
   *
   * @param rights supplies the rows that the reader may currently see
   * @param deploys whether processes are redeployed
   */
  CopyOfSales(
      MeshClient client,
      String name,
      Function<Sale, Map<String, Object>> partition,
      Map<String, Filter> filters,
      ModelOfSales model,
      Filter where,
      Supplier<Filter> rights,
      boolean deploys,
      Random random) {
    this.client = client;
    this.name = name;
    this.partition = partition;
    this.filters = filters;
    this.model = model;
    this.rights = rights;
    this.deploys = deploys;
    this.random = random;
    this.rowsBy = where;
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(deployment(where, true));
    }
  }

  private Deployment deployment(Filter where, boolean whole) {
    Subscribe<?> subscribe =
        client.subscribe(SalesFixture.SALES).name(name).purpose("a copy").limit(15);
    if (!where.equals(Filter.ALL)) {
      subscribe = subscribe.where(where.text());
    }
    return new Deployment(
        whole ? subscribe.as(Sale.class).commit() : subscribe.columns("id").asMaps().commit(),
        where,
        whole);
  }

  /** Removes erased rows from the issued batches. */
  void erased(Predicate<Sale> gone) {
    outstanding = outstanding.stream().filter(gone.negate()).toList();
  }

  /** Lets a random process poll or acknowledge its batch, and occasionally moves the position. */
  void mayAct(String step) {
    String at = step + ", copy " + name;
    for (int turns = random.nextInt(4); turns > 0; turns--) {
      int process = random.nextInt(PROCESSES);
      OpenBatch batch = held[process];
      if (random.nextInt(25) == 0) {
        seek(process);
      } else if (deploys && random.nextInt(6) == 0) {
        deploy(process);
      } else if (batch != null && random.nextInt(3) > 0) {
        acknowledge(batch, at);
      } else {
        held[process] = poll(process, at);
      }
    }
  }

  /**
   * Deploys a process. The first one always reads whole rows, from which the copy is made. A
   * process keeps the batch that it holds.
   */
  private void deploy(int process) {
    Filter where =
        random.nextInt(3) == 0
            ? Filter.EVERY_ID
            : random.nextBoolean() ? processes.get(0).where() : model.filter();
    processes.set(process, deployment(where, process == 0 || random.nextBoolean()));
  }

  /**
   * Polls until there are no more batches; the copy then equals the table. A copy whose rows came
   * through several filters starts over.
   */
  void catchUp(String end) {
    String at = end + ", copy " + name;
    OpenBatch polled = poll(0, at);
    while (!polled.batch().isEmpty()) {
      acknowledge(polled, at);
      polled = poll(0, at);
    }
    Filter where = processes.get(0).where();
    if (!where.equals(rowsBy)) {
      processes.get(0).subscription().seekToStart().commit();
      moved(where, List.of());
      catchUp(end);
    } else {
      PolledSales.assertSameRows(at, rows, wanted(model.rows(), where));
    }
  }

  private OpenBatch poll(int process, String at) {
    Deployment by = processes.get(process);
    boolean another = outstandingId.isEmpty() || !outstandingRights.equals(rights.get());
    try (Batch<?> batch = by.subscription().poll()) {
      if (by.whole()) {
        List<Sale> polled = new ArrayList<>();
        batch.forEach(sale -> polled.add((Sale) sale));
        check(batch, polled, by, another, at);
        return new OpenBatch(batch, polled, seeks);
      }
      List<Long> ids = new ArrayList<>();
      batch.forEach(row -> ids.add((Long) ((Map<?, ?>) row).get("id")));
      OpenBatch whole = poll(0, at);
      if (another && !batch.isEmpty()) {
        outstandingBy = by.where();
      }
      assertThat(whole.batch().isEmpty()).as(at).isEqualTo(batch.isEmpty());
      if (!batch.isEmpty()) {
        assertThat(whole.batch().id()).as(at).isEqualTo(batch.id());
      }
      assertThat(ids)
          .as(at)
          .containsExactlyInAnyOrderElementsOf(whole.rows().stream().map(Sale::id).toList());
      return new OpenBatch(batch, whole.rows(), seeks);
    }
  }

  private void check(Batch<?> batch, List<Sale> polled, Deployment by, boolean another, String at) {
    if (!another) {
      assertThat(batch.id()).as(at).isEqualTo(outstandingId);
      PolledSales.assertSameRows(at, polled, outstanding);
    } else if (batch.isEmpty()) {
      assertThat(outstandingId).as(at).isEmpty();
      if (by.where().equals(rowsBy)) {
        PolledSales.assertSameRows(at, rows, wanted(model.rows(), by.where()));
      }
    } else {
      if (!outstandingId.isEmpty()) {
        assertThat(batch.id()).as(at).isNotEqualTo(outstandingId);
        assertThat(batch.kind()).as(at).isEqualTo(Batch.Kind.RESET);
      }
      outstandingId = batch.id();
      outstanding = polled;
      outstandingBy = by.where();
      outstandingRights = rights.get();
    }
  }

  private void acknowledge(OpenBatch polled, String at) {
    Batch<?> batch = polled.batch();
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

  private void apply(OpenBatch polled) {
    Batch<?> batch = polled.batch();
    if (!outstandingBy.equals(rowsBy)) {
      rowsBy = null;
    }
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
        assertThat(batch.because()).isPresent();
        rows = new ArrayList<>();
        rowsBy = outstandingBy;
      }
    }
    rows.addAll(polled.rows());
  }

  private Predicate<Sale> filter(Batch<?> batch) {
    assertThat(batch.predicate()).isPresent();
    return Objects.requireNonNull(filters.get(batch.snapshot().id())).matches();
  }

  /** Moves the position to the start or to a snapshot, and restores the copy to that state. */
  private void seek(int process) {
    List<String> snapshots = model.snapshots();
    Deployment by = processes.get(process);
    if (snapshots.isEmpty() || random.nextBoolean()) {
      by.subscription().seekToStart().commit();
      moved(by.where(), List.of());
    } else {
      String target = snapshots.get(random.nextInt(snapshots.size()));
      assertThat(by.subscription().seekToSnapshot(target).commit().snapshotId()).contains(target);
      moved(by.where(), wanted(model.at(target), by.where()));
    }
  }

  private void moved(Filter where, List<Sale> there) {
    rows = new ArrayList<>(there);
    rowsBy = where;
    seeks++;
    outstandingId = "";
    acked = "";
  }

  private List<Sale> wanted(List<Sale> all, Filter where) {
    return all.stream().filter(where.matches()).filter(rights.get().matches()).toList();
  }
}
