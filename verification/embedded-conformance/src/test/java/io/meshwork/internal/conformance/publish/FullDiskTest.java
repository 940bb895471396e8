package io.meshwork.internal.conformance.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fills up at any step of a publish causes one error code and no change. */
class FullDiskTest {
  private static final long STEP = 12 << 10;
  private static final long ENOUGH = 120 << 10;

  @TempDir Path folder;

  @Test
  @Timeout(300)
  void aFullDiskHasOneErrorCode() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        done("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk.toString()),
        "only root may mount a small disk");
    try {
      List<ErrorCode> codes = new ArrayList<>();
      for (long left = 0; left <= ENOUGH; left += STEP) {
        Path place = disk.resolve("mesh-" + left);
        try (Mesh mesh = LocalMesh.open(place)) {
          MeshClient shop = shop(mesh);
          shop.registerDomain("commerce").owner("shop@example.org").commit();
          shop.defineProduct(MeshFixture.ORDERS).contract(Contract.of(Order.class)).commit();
        }
        fill(disk, left);
        try (Mesh mesh = LocalMesh.openExisting(place)) {
          publish(mesh);
        } catch (MeshException e) {
          assertThat(e).hasMessageContaining("Nothing was");
          codes.add(e.errorCode());
        }
        Files.delete(disk.resolve("filler"));

        try (Mesh mesh = LocalMesh.openExisting(place)) {
          publish(mesh);
          assertThat(shop(mesh).publishHistory(MeshFixture.ORDERS).receipts()).hasSize(1);
          assertThat(mesh.doctor().problems()).isEmpty();
        }
      }
      assertThat(codes).hasSizeGreaterThan(3).containsOnly(ErrorCode.STORAGE_UNWRITABLE);
    } finally {
      assertThat(done("umount", disk.toString())).isTrue();
    }
  }

  private static MeshClient shop(Mesh mesh) {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private static void publish(Mesh mesh) {
    shop(mesh)
        .publish(MeshFixture.ORDERS)
        .records(Order.range(0, 500))
        .idempotencyKey("monday")
        .commit();
  }

  private static void fill(Path disk, long left) throws IOException {
    byte[] page = new byte[4096];
    try (OutputStream filler = Files.newOutputStream(disk.resolve("filler"))) {
      long free = Files.getFileStore(disk).getUsableSpace() - left;
      for (long written = 0; written + page.length <= free; written += page.length) {
        filler.write(page);
      }
    }
  }

  private static boolean done(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
