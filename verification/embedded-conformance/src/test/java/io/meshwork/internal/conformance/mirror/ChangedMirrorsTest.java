package io.meshwork.internal.conformance.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.mirror.ChangeQueue.Change;
import io.meshwork.local.LocalMesh;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a queue says has changed is mirrored at once, and nothing that it says is believed. */
class ChangedMirrorsTest extends MirrorEngineFixture {
  private static final String ORDERS = "shop/orders";

  /** All other types start nothing: what mirrors show is the same, or the next run is enough. */
  private static final Map<MeshEvent.Type, String> STARTS =
      Map.ofEntries(
          Map.entry(MeshEvent.Type.PRODUCT_PUBLISHED, "rows"),
          Map.entry(MeshEvent.Type.PRODUCT_ROLLED_BACK, "rows"),
          Map.entry(MeshEvent.Type.PRODUCT_BACK_FILLED, "rows"),
          Map.entry(MeshEvent.Type.PRODUCT_ENGINE_COMMIT, "rows"),
          Map.entry(MeshEvent.Type.PRODUCT_DEFINED, "product"),
          Map.entry(MeshEvent.Type.PRODUCT_OPENED, "product"),
          Map.entry(MeshEvent.Type.PRODUCT_CLOSED, "product"),
          Map.entry(MeshEvent.Type.PRODUCT_AMENDED, "product"),
          Map.entry(MeshEvent.Type.PRODUCT_SUSPENDED, "product"),
          Map.entry(MeshEvent.Type.PRODUCT_RESUMED, "product"),
          Map.entry(MeshEvent.Type.TAGS_CHANGED, "product"),
          Map.entry(MeshEvent.Type.GRANT_MADE, "product"),
          Map.entry(MeshEvent.Type.GRANT_AMENDED, "product"),
          Map.entry(MeshEvent.Type.GRANT_REVOKED, "product"),
          Map.entry(MeshEvent.Type.GRANT_ENDED, "product"),
          Map.entry(MeshEvent.Type.AUTHORIZATION_WITHDRAWN, "product"),
          Map.entry(MeshEvent.Type.ACCESS_APPROVED, "product"),
          Map.entry(MeshEvent.Type.ROLLOUT_PREPARED, "product"),
          Map.entry(MeshEvent.Type.ROLLOUT_ACTIVATED, "product"),
          Map.entry(MeshEvent.Type.ROLLOUT_VERIFIED, "product"),
          Map.entry(MeshEvent.Type.ROLLOUT_MADE_CURRENT, "product"),
          Map.entry(MeshEvent.Type.ROLLOUT_CLOSING, "product"),
          Map.entry(MeshEvent.Type.ROLLOUT_FENCED, "product"),
          Map.entry(MeshEvent.Type.ROLLOUT_REOPENED, "product"),
          Map.entry(MeshEvent.Type.ROLLOUT_RETIRED, "product"),
          Map.entry(MeshEvent.Type.ROLLOUT_RESTORED, "product"),
          Map.entry(MeshEvent.Type.ROLLOUT_ABORTED, "product"),
          Map.entry(MeshEvent.Type.ROLLOUT_PURGED, "product"),
          Map.entry(MeshEvent.Type.RIGHTS_CHANGED, "all"),
          Map.entry(MeshEvent.Type.LINK_MADE, "all"),
          Map.entry(MeshEvent.Type.LINK_MOVED, "all"),
          Map.entry(MeshEvent.Type.LINK_REMOVED, "all"),
          Map.entry(MeshEvent.Type.UNKNOWN, "all"));

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
              switch (STARTS.getOrDefault(type, "")) {
                case "rows" -> List.of("rows of a product");
                case "product" -> List.of("a product");
                case "all" -> List.of("all");
                default -> List.of();
              });
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
  void messagesAreAnsweredEvenIfTheServiceFailsAndWaitIfTheMeshIsClosed() {
    run();
    come(MeshEvent.Type.GRANT_MADE, ORDERS);
    service.want("a", 3);
    service.beforeCall =
        call -> {
          throw InMemoryService.unavailable(call);
        };

    assertThat(codes(mesh.mirrorChanges(Duration.ZERO))).hasSize(1);

    assertThat(service.hidden).as("the service failed, and the next run tries again").isEmpty();
    service.beforeCall = call -> {};
    come(MeshEvent.Type.GRANT_MADE, ORDERS);
    mesh.close();
    assertThatThrownBy(() -> mesh.mirrorChanges(Duration.ZERO))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(service.queued).hasSize(1);
  }

  @Test
  void aWaitThatNoQueueAcceptsAndAMeshWithoutMirrorsAreRefused() {
    assertThatThrownBy(() -> mesh.mirrorChanges(Duration.ofSeconds(21)))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> mesh.mirrorChanges(Duration.ofSeconds(-1)))
        .isInstanceOf(InvalidRequestException.class);
    try (Mesh local = LocalMesh.open(folder.resolve("mesh"))) {
      assertThatThrownBy(() -> local.mirrorChanges(Duration.ZERO))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("not on AWS");
      MeshClient shop = local.clientAs(Principal.of("shop", "etl"));
      shop.registerDomain("shop").owner("shop@example.org").commit();
      shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
      PublishReceipt receipt = shop.publish(ORDERS).records(List.<Order>of()).commit();
      assertThat(shop.publishHistory(ORDERS).mirrored(receipt)).isEmpty();
    }
  }
}
