package io.meshwork.internal.conformance.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.mirror.ChangeQueue.Change;
import io.meshwork.local.LocalMesh;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a queue says has changed is mirrored at once, and nothing that it says is believed. */
class ChangedMirrorsTest extends MirrorEngineFixture {
  private static final String ORDERS = "shop/orders";

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

    assertThat(service.runs).containsExactly("a product");
    assertThat(service.hidden).isEmpty();
    assertThat(mesh.mirrorChanges(Duration.ZERO).isEmpty()).isTrue();
    assertThat(service.runs).as("nothing came").hasSize(1);
  }

  @Test
  void everythingIsMirroredAfterAChangeOfRights() {
    run();
    service.runs.clear();
    come(MeshEvent.Type.PRODUCT_PUBLISHED, ORDERS);
    come(MeshEvent.Type.GRANT_MADE, ORDERS);

    mesh.mirrorChanges(Duration.ZERO);

    assertThat(service.runs).containsExactly("all");
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

    assertThat(service.runs).containsExactly("a product");
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
    }
  }
}
