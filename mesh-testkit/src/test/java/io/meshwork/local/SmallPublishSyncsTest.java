package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.internal.files.DiskCalls;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.product.Principal;
import io.meshwork.testkit.Order;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallPublishSyncsTest {
  @TempDir private Path folder;

  /** SQLite syncs once more for its commit, so a publish syncs eight times. */
  @Test
  void aSmallPublishSyncsAtMostSevenFilesAndFolders() {
    AtomicInteger syncs = new AtomicInteger();
    DiskCalls disk =
        new DiskWithSteps(file -> syncs.incrementAndGet(), folder -> syncs.incrementAndGet());
    try (Mesh mesh =
        LocalMesh.builder(folder)
            .testing()
            .wrapFiles(real -> LocalFileIO.below(this.folder, disk))
            .open()) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").owner("orders@example.org").commit();
      commerce.defineProduct("commerce/orders").contract(Contract.of(Order.class)).commit();
      for (int i = 0; i < 12; i++) {
        int first = i * 10;
        syncs.set(0);
        commerce.publish("commerce/orders").records(Order.range(first, first + 10)).commit();
        if (i > 0) { // The first one also creates folders.
          assertThat(syncs.get()).as("publish %d", i).isBetween(1, 7);
        }
      }
    }
  }
}
