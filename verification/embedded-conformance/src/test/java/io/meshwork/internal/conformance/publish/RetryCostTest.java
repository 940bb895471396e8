package io.meshwork.internal.conformance.publish;

import static io.meshwork.contract.Partition.by;
import static io.meshwork.contract.Rule.between;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.change.DefineProduct;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.Faults;
import io.meshwork.testkit.Faults.Port;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The files that a publish opens and writes again after it lost to another one. */
class RetryCostTest {
  private static final String ORDERS = "commerce/orders";
  private static final int PUBLISHES = 12;
  private static final int WRITERS = 8;

  private static final String DATA_FILE = "data file";
  private static final String LIST = "manifest list";
  private static final String MANIFEST = "manifest";
  private static final String METADATA = "metadata file";

  /** An order of the next major version. */
  private record Purchase(long id, String buyer) {}

  private final Faults faults = Faults.seeded(1);
  private Mesh mesh;
  private Runnable meanwhile = () -> shop().publish(ORDERS).records(Order.range(50, 51)).commit();
  private Runnable before = () -> {};
  private final List<String> snapshots = new ArrayList<>();
  private int publishes = PUBLISHES;
  private int commit = 1;
  private int lost;

  @Test
  void aRetryWithoutKeyReadsTheManifestListOfTheOtherPublish() {
    List<String> calls = retry(false, publish -> publish.records(Order.range(100, 101)));

    assertThat(files(calls, Port.FILE_CLOSE)).containsExactly(LIST, METADATA);
    // Iceberg reads its own list again.
    assertThat(files(calls, Port.FILE_READ)).containsExactly(LIST, LIST);
  }

  @Test
  void aRetryWithAKeyReadsOneManifestMore() {
    List<String> calls = retry(true, publish -> publish.records(Order.range(100, 101)));

    assertThat(files(calls, Port.FILE_CLOSE)).containsExactly(LIST, METADATA);
    assertThat(files(calls, Port.FILE_READ)).containsExactly(LIST, MANIFEST, LIST);
  }

  @Test
  void aRetryOfAReplacementReadsOneManifestMore() {
    List<String> calls =
        retry(true, publish -> publish.records(Order.range(3, 4)).replaceWhere("id = 3"));

    assertThat(files(calls, Port.FILE_CLOSE)).containsExactly(LIST, METADATA);
    assertThat(files(calls, Port.FILE_READ)).containsOnly(LIST, MANIFEST).hasSizeLessThan(5);
  }

  @Test
  void aRetryOfReplacedPartitionsWritesNoManifestAgain() {
    List<String> calls =
        retry(
            define -> define.contract(Contract.of(Order.class)).partitionBy(by("customer")),
            shop -> shop.publish(ORDERS).records(Order.range(3, 4)).replacePartitions().commit());

    assertThat(files(calls, Port.FILE_CLOSE)).containsExactly(LIST, METADATA);
  }

  @Test
  void aRetryOfAnEraseWritesNoManifestAgain() {
    List<String> calls =
        retry(
            define -> define.contract(Contract.of(Order.class)),
            shop -> shop.erase(ORDERS).where("id = 3").because("They asked.").commit());

    assertThat(files(calls, Port.FILE_CLOSE)).containsExactly(LIST, METADATA);
  }

  @Test
  void aRetryWithQuarantinedRowsWritesNoManifestAgain() {
    List<String> calls =
        retry(
            define ->
                define.contract(
                    Contract.of(Order.class)
                        .require(between("id", 0, 100))
                        .onViolation(OnViolation.QUARANTINE)
                        .maxQuarantineShare(100)),
            shop -> shop.publish(ORDERS).records(Order.range(100, 102)).commit());

    assertThat(files(calls, Port.FILE_CLOSE))
        .containsExactlyInAnyOrder(LIST, METADATA, LIST, METADATA);
  }

  @Test
  void aRetryOfACompactionWritesNoManifestAgain() {
    List<String> calls =
        retry(define -> define.contract(Contract.of(Order.class)), shop -> compact());

    assertThat(files(calls, Port.FILE_CLOSE)).containsExactly(LIST, METADATA);
  }

  @Test
  void aRetryOfARollBackWritesNoManifestAgain() {
    meanwhile = this::grant;

    List<String> calls =
        retry(
            define -> define.contract(Contract.of(Order.class)),
            shop -> shop.rollBack(ORDERS).to(snapshots.get(5)).because("They err.").commit());

    assertThat(files(calls, Port.FILE_CLOSE)).containsExactly(LIST, METADATA);
  }

  @Test
  void aRetryOfAnAppendThatMergesManifestsWritesNoneAgain() {
    publishes = 99;
    meanwhile = this::grant;

    List<String> calls = retry(false, publish -> publish.records(Order.range(100, 101)));

    assertThat(files(calls, Port.FILE_CLOSE)).containsExactly(LIST, METADATA);
  }

  @Test
  void aRetryThatRemovesErasedValuesFromManifestsWritesNoneAgain() {
    before = () -> shop().publish(ORDERS).records(Order.range(20, 24)).commit();
    commit = 2; // the first one erases
    meanwhile = this::grant;

    List<String> calls =
        retry(
            define -> define.contract(Contract.of(Order.class)).partitionBy(by("customer")),
            shop ->
                shop.erase(ORDERS).where("id = 23").because("They asked.").withProof().commit());

    assertThat(files(calls, Port.FILE_CLOSE)).containsExactly(LIST, METADATA);
  }

  @Test
  void aRetryOfABackFillWritesNoManifestAgain() {
    before =
        () ->
            shop()
                .startRollout(ORDERS)
                .contract(Contract.of(Purchase.class))
                .because("Buyers, not customers")
                .commit();
    meanwhile = this::grant;

    List<String> calls =
        retry(
            define -> define.contract(Contract.of(Order.class)),
            shop ->
                shop.rollout(ORDERS)
                    .backFill(Order.class, order -> new Purchase(order.id(), order.customer()))
                    .commit());

    assertThat(files(calls, Port.FILE_CLOSE)).containsExactly(LIST, METADATA);
  }

  @Test
  void aRetryAfterACompactionLeavesNoManifestOfTheFirstTry() {
    meanwhile = this::compact;

    List<String> calls =
        retry(
            define -> define.contract(Contract.of(Order.class)),
            shop ->
                shop.publish(ORDERS).records(Order.range(3, 4)).replaceWhere("id = 3").commit());

    // The files are others, so all is written again.
    assertThat(files(calls, Port.FILE_CLOSE)).contains(MANIFEST, LIST, METADATA);
  }

  @Test
  void aReplacementThatFailsAfterATryLeavesNoManifest() {
    meanwhile = () -> shop().publish(ORDERS).records(Order.range(3, 4)).commit();

    retry(
        define -> define.contract(Contract.of(Order.class)),
        shop ->
            assertThatThrownBy(
                    () ->
                        shop.publish(ORDERS)
                            .records(Order.range(3, 4))
                            .replaceWhere("id = 3")
                            .commit())
                .isInstanceOf(ConflictException.class));
  }

  @Test
  void aRollBackThatFailsAfterATryLeavesNoManifest() {
    retry(
        define -> define.contract(Contract.of(Order.class)),
        shop ->
            assertThatThrownBy(
                    () -> shop.rollBack(ORDERS).to(snapshots.get(5)).because("They err.").commit())
                .isInstanceOf(ConflictException.class));
  }

  @Test
  void aReplacementThatAnotherOneWithItsKeyPrecedesLeavesNoManifest() {
    Function<MeshClient, PublishReceipt> replace =
        shop ->
            shop.publish(ORDERS)
                .records(Order.range(3, 4))
                .replaceWhere("id = 3")
                .idempotencyKey("k")
                .commit();
    meanwhile = () -> assertThat(replace.apply(shop()).replayed()).isFalse();

    retry(
        define -> define.contract(Contract.of(Order.class)),
        shop -> assertThat(replace.apply(shop).replayed()).isTrue());
  }

  @Test
  void aManifestWhoseWriteIsNotConfirmedIsDeleted() {
    ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    try (Mesh opened = InMemoryMesh.builder(faults).clock(clock).open()) {
      mesh = opened;
      shop().registerDomain("commerce").owner("shop@example.org").commit();
      shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
      faults.on(Port.FILE_CLOSE).path("**.avro").nth(1).loseReply();

      assertThatThrownBy(() -> shop().publish(ORDERS).records(Order.range(0, 1)).commit())
          .isInstanceOf(BackendException.class);

      clock.advance(Duration.ofDays(1));
      assertThat(opened.doctor().findings()).isEmpty();
    }
  }

  @Test
  void writersThatBeginTogetherAreEachTriedOnce() throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(WRITERS);
    try (Mesh mesh = InMemoryMesh.builder(faults).open()) {
      MeshClient shop = mesh.clientAs(Principal.of("commerce", "etl"));
      shop.registerDomain("commerce").owner("shop@example.org").commit();
      shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
      int before = faults.calls();
      CyclicBarrier start = new CyclicBarrier(WRITERS);
      List<Callable<Object>> writers = new ArrayList<>();
      for (int id = 0; id < WRITERS; id++) {
        List<Order> row = Order.range(id, id + 1);
        writers.add(
            () -> {
              start.await();
              return shop.publish(ORDERS).records(row).commit();
            });
      }
      for (Future<Object> done : executor.invokeAll(writers)) {
        done.get();
      }

      assertThat(faults.trace().lines().skip(before))
          .filteredOn(call -> call.contains(Port.REGISTRY_COMMIT + " " + ORDERS))
          .hasSize(WRITERS);
    } finally {
      executor.shutdownNow();
    }
  }

  private List<String> retry(boolean hasKey, Function<Publish<?>, Publish<?>> rows) {
    Contract contract = Contract.of(Order.class);
    return retry(
        define -> define.contract(hasKey ? contract.primaryKey("id") : contract),
        shop -> rows.apply(shop.publish(ORDERS)).commit());
  }

  /**
   * Changes rows while another publish is committed first, and requires that no file is left;
   * returns the calls of the second try.
   */
  private List<String> retry(UnaryOperator<DefineProduct> product, Consumer<MeshClient> change) {
    ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    try (Mesh opened =
        InMemoryMesh.builder(faults).clock(clock).testing().sleeper(clock::advance).open()) {
      mesh = opened;
      shop().registerDomain("commerce").owner("shop@example.org").commit();
      product.apply(shop().defineProduct(ORDERS)).commit();
      for (int id = 0; id < publishes; id++) {
        shop()
            .publish(ORDERS)
            .records(Order.range(id, id + 1))
            .commit()
            .snapshotId()
            .ifPresent(snapshots::add);
      }
      before.run();
      int calls = faults.calls();
      faults
          .on(Port.REGISTRY_COMMIT)
          .path(ORDERS)
          .nth(commit)
          .meanwhile(
              () -> {
                meanwhile.run();
                lost = faults.calls();
              });

      change.accept(shop());

      assertThat(lost).isGreaterThan(calls);
      List<String> ofRetry =
          faults
              .trace()
              .lines()
              .skip(lost)
              .takeWhile(call -> !call.contains(Port.REGISTRY_COMMIT + " " + ORDERS))
              .toList();
      clock.advance(Duration.ofDays(1));
      assertThat(opened.doctor().findings()).isEmpty();
      return ofRetry;
    }
  }

  private MeshClient shop() {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private void grant() {
    shop().grant(ORDERS).to(Principal.of("finance", "analyst")).because("Revenue").commit();
  }

  private void compact() {
    assertThat(mesh.maintain().compactAtLeast(2).commit().done().get(ORDERS))
        .containsEntry(Work.FILES_COMPACTED, (long) PUBLISHES);
  }

  /** The kinds of the files of these calls, each file once. */
  private static List<String> files(List<String> calls, Port port) {
    String start = " " + port + " ";
    return calls.stream()
        .filter(call -> call.contains(start))
        .map(call -> call.substring(call.indexOf(start) + start.length()))
        .distinct()
        .map(RetryCostTest::kind)
        .toList();
  }

  private static String kind(String location) {
    if (location.endsWith(".parquet")) {
      return DATA_FILE;
    } else if (location.endsWith(".metadata.json")) {
      return METADATA;
    }
    return location.contains("-snap-") ? LIST : MANIFEST;
  }
}
