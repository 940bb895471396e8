package io.meshwork.internal.conformance.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.mirror.ChangeQueue.Change;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.local.LocalMesh;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.notice.Notice;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.registry.Registry;
import io.meshwork.testkit.RecordingNotifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a queue says has changed is mirrored at once, and nothing that it says is believed. */
class ChangedMirrorsTest extends MirrorEngineFixture {
  private static final String ORDERS = "shop/orders";

  /** All other types start nothing: what mirrors show is the same, or the next run is enough. */
  private static final Map<String, Set<MeshEvent.Type>> STARTS =
      Map.of(
          "rows of a product",
          Set.of(
              MeshEvent.Type.PRODUCT_PUBLISHED,
              MeshEvent.Type.PRODUCT_ROLLED_BACK,
              MeshEvent.Type.PRODUCT_BACK_FILLED,
              MeshEvent.Type.PRODUCT_ENGINE_COMMIT),
          "a product",
          Set.of(
              MeshEvent.Type.PRODUCT_DEFINED,
              MeshEvent.Type.PRODUCT_OPENED,
              MeshEvent.Type.PRODUCT_CLOSED,
              MeshEvent.Type.PRODUCT_AMENDED,
              MeshEvent.Type.PRODUCT_SUSPENDED,
              MeshEvent.Type.PRODUCT_RESUMED,
              MeshEvent.Type.TAGS_CHANGED,
              MeshEvent.Type.GRANT_MADE,
              MeshEvent.Type.GRANT_AMENDED,
              MeshEvent.Type.GRANT_REVOKED,
              MeshEvent.Type.GRANT_ENDED,
              MeshEvent.Type.AUTHORIZATION_WITHDRAWN,
              MeshEvent.Type.ACCESS_APPROVED,
              MeshEvent.Type.ROLLOUT_PREPARED,
              MeshEvent.Type.ROLLOUT_ACTIVATED,
              MeshEvent.Type.ROLLOUT_VERIFIED,
              MeshEvent.Type.ROLLOUT_MADE_CURRENT,
              MeshEvent.Type.ROLLOUT_CLOSING,
              MeshEvent.Type.ROLLOUT_FENCED,
              MeshEvent.Type.ROLLOUT_REOPENED,
              MeshEvent.Type.ROLLOUT_RETIRED,
              MeshEvent.Type.ROLLOUT_RESTORED,
              MeshEvent.Type.ROLLOUT_ABORTED,
              MeshEvent.Type.ROLLOUT_PURGED),
          "all",
          Set.of(
              MeshEvent.Type.RIGHTS_CHANGED,
              MeshEvent.Type.LINK_MADE,
              MeshEvent.Type.LINK_MOVED,
              MeshEvent.Type.LINK_REMOVED,
              MeshEvent.Type.UNKNOWN));

  @TempDir private Path folder;

  @BeforeEach
  void define() {
    service.isOwn = true;
    try (Mesh owners =
        Mesh.builder(store.registry(), store.files(), GuardedStore.ROOT).clock(clock).open()) {
      MeshClient shop = owners.clientAs(Principal.of("shop", "etl"));
      shop.registerDomain("shop").owner("shop@example.org").commit();
      shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    }
    service.want("a", 1);
  }

  private void come(MeshEvent.Type type, String subject) {
    service.queued.add(new Change(type + " " + service.queued.size(), type, subject));
  }

  @Test
  void eachProductThatWasPublishedToIsMirroredOnceAndItsMessagesAreRemoved() {
    run();
    service.want("a", 2);
    service.runs.clear();
    for (int i = 0; i < 5; i++) {
      come(MeshEvent.Type.PRODUCT_PUBLISHED, ORDERS);
    }

    assertThat(mesh.mirrorChanges(Duration.ZERO).total(Work.CHANGED)).isEqualTo(1);

    assertThat(service.runs).containsExactly("rows of a product");
    assertThat(service.hidden).isEmpty();
    assertThat(mesh.mirrorChanges(Duration.ZERO).isEmpty()).isTrue();
    assertThat(service.runs).as("nothing came").hasSize(1);
  }

  @Test
  void eachTypeOfEventStartsWhatItIsDecidedToStart() {
    run();
    for (MeshEvent.Type type : MeshEvent.Type.values()) {
      service.runs.clear();
      come(type, ORDERS);
      come(type, ORDERS);

      mesh.mirrorChanges(Duration.ZERO);

      assertThat(service.runs)
          .as(type.text())
          .isEqualTo(
              STARTS.entrySet().stream()
                  .filter(started -> started.getValue().contains(type))
                  .map(Map.Entry::getKey)
                  .toList());
      assertThat(service.hidden).as(type.text()).isEmpty();
    }
  }

  @Test
  void aChangeOfAWholeDomainMirrorsEverythingAndRowsWithTheirProductAreMirroredOnce() {
    run();
    service.runs.clear();
    come(MeshEvent.Type.PRODUCT_PUBLISHED, ORDERS);
    come(MeshEvent.Type.GRANT_MADE, ORDERS);
    mesh.mirrorChanges(Duration.ZERO);
    assertThat(service.runs).containsExactly("a product");
    service.runs.clear();
    come(MeshEvent.Type.GRANT_MADE, ORDERS);
    come(MeshEvent.Type.GRANT_MADE, "shop");

    mesh.mirrorChanges(Duration.ZERO);

    assertThat(service.runs).containsExactly("all");
  }

  @Test
  void whatOneProductCannotDoAloneIsDoneByARunOfAllAtOnce() {
    run();
    service.runs.clear();
    service.want("a", 2);
    service.dependent.add("a");
    come(MeshEvent.Type.PRODUCT_AMENDED, ORDERS);

    Mirrors.Report report = mesh.mirrorChanges(Duration.ZERO);

    assertThat(service.runs).containsExactly("a product", "all");
    assertThat(report.total(Work.CHANGED)).isEqualTo(1);
    assertThat(report.remaining()).isEmpty();
    service.runs.clear();
    service.want("a", 3);
    come(MeshEvent.Type.PRODUCT_PUBLISHED, ORDERS);

    assertThat(codes(mesh.mirrorChanges(Duration.ZERO)))
        .as("a publish alone waits for the scheduled run")
        .containsExactly(FindingCode.MIRROR_BLOCKED);
    assertThat(service.runs).containsExactly("rows of a product");
  }

  @Test
  void aRunForAProductRemovesWhatItHadAndNothingElse() {
    service.want("other", 1);
    run();
    service.wanted.clear();
    service.ofProduct.add("a");
    come(MeshEvent.Type.ROLLOUT_RETIRED, ORDERS);

    assertThat(mesh.mirrorChanges(Duration.ZERO).total(Work.REMOVED)).isEqualTo(1);

    assertThat(service.objects).containsOnlyKeys("other");
  }

  private void define(int products) {
    try (Mesh owners =
        Mesh.builder(store.registry(), store.files(), GuardedStore.ROOT).clock(clock).open()) {
      MeshClient shop = owners.clientAs(Principal.of("shop", "etl"));
      for (int i = 1; i < products; i++) {
        shop.defineProduct("shop/p" + i).contract(Contract.of(Order.class)).commit();
      }
    }
  }

  @Test
  void aBurstAboutManyProductsIsOneRunOfAllAndAboutFewOneRunOfEach() {
    define(20);
    run();
    service.runs.clear();
    for (int message = 0; message < 3; message++) {
      for (int i = 1; i <= 2; i++) {
        come(MeshEvent.Type.PRODUCT_AMENDED, "shop/p" + i);
      }
    }
    mesh.mirrorChanges(Duration.ZERO);
    assertThat(service.runs)
        .as("160 requests, and 225 for all")
        .hasSize(2)
        .containsOnly("a product");
    service.runs.clear();
    for (int i = 1; i <= 6; i++) {
      come(MeshEvent.Type.PRODUCT_AMENDED, "shop/p" + i);
    }

    mesh.mirrorChanges(Duration.ZERO);

    assertThat(service.runs).as("480 requests, and 225 for all").containsExactly("all");
    assertThat(service.hidden).isEmpty();
  }

  @Test
  void messagesThatAnotherProgramReceivedAreMirroredAndWhatFailedIsReturned() {
    define(20);
    run();
    service.want("a", 2);
    Map<String, String> messages =
        Map.of("m1", "grant.made " + ORDERS, "m2", "product.late " + ORDERS, "m3", "x y");
    service.beforeCall =
        call -> {
          throw InMemoryService.unavailable(call);
        };
    assertThat(mesh.mirrorChanges(messages)).containsExactlyInAnyOrder("m1", "m3");
    service.beforeCall = call -> {};

    assertThat(mesh.mirrorChanges(messages)).isEmpty();

    assertThat(service.objects).containsEntry("a", InMemoryService.content(2));
    assertThat(mesh.mirrorChanges(Map.of())).isEmpty();
  }

  /** Returns the process that operates the mesh, and delivers the notices of a domain. */
  private Mesh.Builder operator(RecordingNotifier people) {
    return Mesh.builder(
            store.registry(), store.files(), GuardedStore.ROOT, service.credentials(store))
        .clock(clock)
        .notifier("people", people);
  }

  @Test
  void theSameWakeDeliversTheNoticesOfTheProductInOrderAlsoIfItsMirrorFails() {
    String own = "desk/orders";
    try (Mesh owners =
        Mesh.builder(store.registry(), store.files(), GuardedStore.ROOT).clock(clock).open()) {
      MeshClient desk = owners.clientAs(Principal.of(GuardedStore.GOVERNANCE, "etl"));
      desk.registerDomain("desk")
          .accounts(GuardedStore.GOVERNANCE)
          .owner("desk@example.org")
          .commit();
      desk.defineProduct(own).contract(Contract.of(Order.class)).commit();
    }
    run();
    RecordingNotifier people = new RecordingNotifier();
    AtomicInteger attempts = new AtomicInteger();
    try (Mesh operator =
        operator(people)
            .notifier(
                "missing",
                notice -> {
                  attempts.incrementAndGet();
                  throw InMemoryService.denied(notice.id());
                })
            .open()) {
      try (Mesh owners =
          Mesh.builder(store.registry(), store.files(), GuardedStore.ROOT).clock(clock).open()) {
        MeshClient desk = owners.clientAs(Principal.of(GuardedStore.GOVERNANCE, "etl"));
        desk.subscribe(own).name("own").purpose("x").contact("own@example.org").commit();
        desk.publish(own).records(Order.range(0, 2)).commit();
        desk.publish(own).records(Order.range(2, 4)).commit();
      }
      service.want("a", 2);
      service.beforeCall =
          call -> {
            throw InMemoryService.unavailable(call);
          };
      come(MeshEvent.Type.PRODUCT_PUBLISHED, own);
      come(MeshEvent.Type.PRODUCT_PUBLISHED, "other/unknown");

      operator.mirrorChanges(Duration.ZERO);

      assertThat(people.all())
          .extracting(Notice::id)
          .endsWith(own + "/2/published.desk.own", own + "/3/published.desk.own")
          .doesNotHaveDuplicates();
      int delivered = people.all().size();
      assertThat(attempts).as("each notice is tried once").hasValue(delivered);
      assertThat(operator.doctor().findings())
          .filteredOn(finding -> finding.code() == FindingCode.NOTICE_PARKED)
          .as("the notices to the receiver that refuses, and no others")
          .hasSize(2)
          .allSatisfy(finding -> assertThat(finding.toString()).contains("missing"))
          .extracting(Finding::count)
          .containsExactlyInAnyOrder(1L, delivered - 1L);
      service.showHidden();
      operator.mirrorChanges(Duration.ZERO);
      assertThat(people.all()).as("nothing was due").hasSize(delivered);
    }
  }

  /** A registry of which some documents cannot be read. */
  private static final class PartlyReadableRegistry extends ForwardingRegistry {
    private final Map<Key, RuntimeException> failures;

    PartlyReadableRegistry(Registry real, Map<Key, RuntimeException> failures) {
      super(real);
      this.failures = failures;
    }

    @Override
    public Optional<Document> read(Key key) {
      RuntimeException failure = failures.get(key);
      if (failure != null) {
        throw failure;
      }
      return super.read(key);
    }
  }

  private Mesh reading(Map<Registry.Key, RuntimeException> failures) {
    return operator(new RecordingNotifier())
        .testing()
        .wrapRegistry(real -> new PartlyReadableRegistry(real, failures))
        .open();
  }

  @Test
  void aProductWhoseDocumentIsDamagedIsReportedAndStopsNoOther() {
    define(20);
    run();
    Registry.Key damaged = RegistryKeys.product(ProductName.of("shop/p1"));
    try (Mesh operator =
        reading(Map.of(damaged, DocumentJson.damaged(damaged.toString(), "it is not JSON")))) {
      service.want("a", 2);
      come(MeshEvent.Type.GRANT_MADE, "shop/p1");
      come(MeshEvent.Type.GRANT_MADE, ORDERS);

      Mirrors.Report report = operator.mirrorChanges(Duration.ZERO);

      assertThat(report.total(Work.CHANGED)).isEqualTo(1);
      assertThat(report.remaining())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.code()).isEqualTo(FindingCode.MIRROR_FAILED);
                assertThat(finding.where()).isEqualTo("shop/p1");
                assertThat(finding.fix()).startsWith("Remove the cause");
              });
      assertThat(service.hidden).isEmpty();
    }
  }

  @Test
  void aDeliveryThatFailsIsReportedAndHidesNeitherWhatWasMirroredNorWhyItFailed() {
    run();
    Map<Registry.Key, RuntimeException> failures = new HashMap<>();
    try (Mesh operator = reading(failures)) {
      failures.put(
          RegistryKeys.account(RegistryKeys.MESH, GuardedStore.GOVERNANCE),
          InMemoryService.unavailable("the account"));
      service.want("a", 2);
      come(MeshEvent.Type.PRODUCT_PUBLISHED, ORDERS);

      Mirrors.Report report = operator.mirrorChanges(Duration.ZERO);

      assertThat(report.total(Work.CHANGED)).isEqualTo(1);
      assertThat(report.remaining())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.code()).isEqualTo(FindingCode.MAINTENANCE_FAILED);
                assertThat(finding.where()).isEqualTo("notices");
                assertThat(finding.what()).contains("Cannot use the account");
              });
      assertThat(service.hidden).as("what was mirrored does not come again").isEmpty();
      Map<String, String> message = Map.of("m1", "grant.made " + ORDERS);
      assertThat(operator.mirrorChanges(message)).isEmpty();

      failures.put(
          RegistryKeys.product(ProductName.of(ORDERS)), InMemoryService.unavailable("the orders"));
      assertThatThrownBy(() -> operator.mirrorChanges(message))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("Cannot use the orders");
    }
  }

  @Test
  void mirrorsThatWereNeverRunAreLeftAlone() {
    come(MeshEvent.Type.PRODUCT_PUBLISHED, ORDERS);
    come(MeshEvent.Type.GRANT_MADE, ORDERS);

    assertThat(mesh.mirrorChanges(Duration.ZERO).isEmpty()).isTrue();

    assertThat(service.objects).isEmpty();
    assertThat(service.hidden).isEmpty();
  }

  @Test
  void aMessageAboutNoProductIsRemovedAndTheOthersAreMirrored() {
    run();
    service.runs.clear();
    come(MeshEvent.Type.PRODUCT_PUBLISHED, "shop/unknown");
    come(MeshEvent.Type.PRODUCT_PUBLISHED, "'; --");
    come(MeshEvent.Type.PRODUCT_PUBLISHED, ORDERS);

    mesh.mirrorChanges(Duration.ZERO);

    assertThat(service.runs).containsExactly("rows of a product");
    assertThat(service.hidden).isEmpty();
  }

  @Test
  void aMessageComesAgainIfTheServiceFailedAndWaitsIfTheMeshIsClosed() {
    run();
    come(MeshEvent.Type.GRANT_MADE, ORDERS);
    service.want("a", 3);
    service.beforeCall =
        call -> {
          throw InMemoryService.unavailable(call);
        };

    assertThat(codes(mesh.mirrorChanges(Duration.ZERO))).hasSize(1);

    assertThat(service.hidden).as("the service failed").hasSize(1);
    service.beforeCall = call -> {};
    service.showHidden();
    assertThat(mesh.mirrorChanges(Duration.ZERO).total(Work.CHANGED)).isEqualTo(1);
    assertThat(service.hidden).isEmpty();
    come(MeshEvent.Type.GRANT_MADE, ORDERS);
    mesh.close();
    assertThatThrownBy(() -> mesh.mirrorChanges(Duration.ZERO))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(service.queued).hasSize(1);
  }

  @Test
  void aMessageWhoseFailureLastsIsAnsweredAndTheReportSaysWhatToDo() {
    run();
    Map<String, RuntimeException> failures =
        Map.of(
            "it is refused",
            InMemoryService.refused("update a"),
            "a defect",
            new IllegalStateException("a defect of a client"));
    int number = 2;
    for (Map.Entry<String, RuntimeException> failure : failures.entrySet()) {
      for (MeshEvent.Type type : List.of(MeshEvent.Type.GRANT_MADE, MeshEvent.Type.LINK_MADE)) {
        String when = failure.getKey() + " after " + type;
        service.want("a", number++);
        come(type, ORDERS);
        service.beforeCall =
            call -> {
              throw failure.getValue();
            };

        Mirrors.Report report = mesh.mirrorChanges(Duration.ZERO);

        assertThat(codes(report)).as(when).containsExactly(FindingCode.MIRROR_FAILED);
        assertThat(report.remaining().get(0).fix()).as(when).startsWith("Remove the cause");
        assertThat(service.hidden).as(when).isEmpty();
        assertThat(mesh.mirrorChanges(Map.of("m1", type.text() + " " + ORDERS))).as(when).isEmpty();
      }
    }
  }

  @Test
  void aServiceThatCannotBeReadReturnsTheMessageOnlyIfThatMayPass() {
    service.wantedLater.put("later", InMemoryService.content(1));
    run();
    Map<String, String> message = Map.of("m1", "grant.made " + ORDERS);

    service.laterFails = InMemoryService.refused("read all");
    assertThat(mesh.mirrorChanges(message)).isEmpty();
    service.laterFails = InMemoryService.unavailable("read all");
    assertThat(mesh.mirrorChanges(message)).containsExactly("m1");
    service.laterFails = null;
    assertThat(mesh.mirrorChanges(message)).isEmpty();
  }

  @Test
  void onlyTheMessagesOfTheProductThatFailedComeAgainUnlessARunOfAllFailed() {
    define(20);
    run();
    service.want("a", 2);
    AtomicInteger calls = new AtomicInteger();
    service.beforeCall =
        call -> {
          if (calls.incrementAndGet() == 1) {
            throw InMemoryService.unavailable(call);
          }
        };
    Map<String, String> messages = Map.of("one", "grant.made shop/p1", "two", "grant.made shop/p2");
    assertThat(mesh.mirrorChanges(messages)).containsExactly("one");

    service.want("a", 3);
    calls.set(0);
    Map<String, String> ofAll = Map.of("one", "grant.made shop/p1", "all", "link.made shop");
    assertThat(mesh.mirrorChanges(ofAll)).containsExactlyInAnyOrder("one", "all");
  }

  /** Lets requests to the queue fail from one of them on. */
  private void failQueue(String verb, int from, Function<String, RuntimeException> failure) {
    AtomicInteger number = new AtomicInteger();
    service.beforeQueue =
        called -> {
          if (called.equals(verb) && number.incrementAndGet() >= from) {
            throw failure.apply("the queue");
          }
        };
  }

  @Test
  void aQueueThatCannotBeReadLosesNothing() {
    run();
    service.want("a", 2);
    come(MeshEvent.Type.PRODUCT_PUBLISHED, ORDERS);
    failQueue("receive", 1, InMemoryService::unavailable);

    assertThatThrownBy(() -> mesh.mirrorChanges(Duration.ZERO))
        .isInstanceOfSatisfying(BackendException.class, e -> assertThat(e.retryable()).isTrue());

    assertThat(service.queued).hasSize(1);
    service.beforeQueue = verb -> {};
    assertThat(mesh.mirrorChanges(Duration.ZERO).total(Work.CHANGED)).isEqualTo(1);
    assertThat(service.hidden).isEmpty();
  }

  @Test
  void whatCameBeforeTheQueueFailedIsMirroredAndTheRestComesLater() {
    run();
    service.want("a", 2);
    for (int i = 0; i < 5; i++) {
      come(MeshEvent.Type.PRODUCT_PUBLISHED, ORDERS);
    }
    failQueue("receive", 2, InMemoryService::unavailable);

    assertThat(mesh.mirrorChanges(Duration.ZERO).total(Work.CHANGED)).isEqualTo(1);

    assertThat(service.hidden).isEmpty();
    assertThat(service.queued).hasSize(3);
    service.beforeQueue = verb -> {};
    assertThat(mesh.mirrorChanges(Duration.ZERO).remaining()).isEmpty();
    assertThat(service.queued).isEmpty();
  }

  @Test
  void messagesThatCannotBeRemovedComeAgainAndTheRunSaysSo() {
    run();
    service.want("a", 2);
    come(MeshEvent.Type.PRODUCT_PUBLISHED, ORDERS);
    come(MeshEvent.Type.PRODUCT_PUBLISHED, ORDERS);
    failQueue("remove", 1, InMemoryService::unavailable);

    Mirrors.Report report = mesh.mirrorChanges(Duration.ZERO);

    assertThat(report.total(Work.CHANGED)).isEqualTo(1);
    assertThat(report.remaining())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.MIRROR_FAILED);
              assertThat(finding.where()).isEqualTo("the queue of changes");
              assertThat(finding.count()).isEqualTo(2);
            });
    assertThat(service.hidden).hasSize(2);
    service.beforeQueue = verb -> {};
    service.showHidden();
    service.runs.clear();
    assertThat(mesh.mirrorChanges(Duration.ZERO).remaining()).isEmpty();
    assertThat(service.runs).containsExactly("rows of a product");
    assertThat(service.hidden).isEmpty();
  }

  @Test
  void aQueueThatMayNotBeReadOrChangedStopsTheRun() {
    run();
    for (String verb : List.of("receive", "remove")) {
      come(MeshEvent.Type.PRODUCT_PUBLISHED, ORDERS);
      failQueue(verb, verb.equals("receive") ? 2 : 1, InMemoryService::denied);

      assertThatThrownBy(() -> mesh.mirrorChanges(Duration.ZERO))
          .as(verb)
          .isInstanceOfSatisfying(BackendException.class, e -> assertThat(e.retryable()).isFalse());

      assertThat(service.hidden).as(verb).hasSize(1);
      service.beforeQueue = called -> {};
      service.showHidden();
      mesh.mirrorChanges(Duration.ZERO);
      assertThat(service.hidden).as(verb).isEmpty();
    }
  }

  @Test
  void aWaitThatNoQueueAcceptsIsRefused() {
    assertThatThrownBy(() -> mesh.mirrorChanges(Duration.ofSeconds(21)))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> mesh.mirrorChanges(Duration.ofSeconds(-1)))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void toAMeshWithoutMirrorsNoChangeComesAndNoEngineShowsIt() {
    try (Mesh local = LocalMesh.open(folder.resolve("mesh"))) {
      assertThat(local.mirrorChanges(Duration.ZERO).remaining()).isEmpty();
      MeshClient shop = local.clientAs(Principal.of("shop", "etl"));
      shop.registerDomain("shop").owner("shop@example.org").commit();
      shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
      PublishReceipt receipt = shop.publish(ORDERS).records(List.<Order>of()).commit();
      assertThat(shop.publishHistory(ORDERS).mirrored(receipt)).isEmpty();
    }
  }
}
