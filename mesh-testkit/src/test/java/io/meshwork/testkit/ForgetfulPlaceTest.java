package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.internal.files.DiskCalls;
import io.meshwork.product.Principal;
import io.meshwork.testkit.Faults.Death;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForgetfulPlaceTest {
  private static final String ORDERS = "commerce/orders";

  @TempDir private Path folder;

  @Test
  void aMeshThatDoesNotSyncItsFilesIsDetected() {
    assertThatThrownBy(() -> run(NoFileSync::new))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("does not survive");
  }

  @Test
  void aMeshThatDoesNotSyncTheMetadataOfAnAttemptIsDetected() {
    assertThatThrownBy(() -> run(NoSyncOfSeveralFiles::new))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("does not survive");
  }

  @Test
  void aMeshThatDoesNotSyncItsFoldersIsDetected() {
    assertThatThrownBy(() -> run(NoFolderSync::new))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("does not survive");
  }

  private void run(UnaryOperator<DiskCalls> between) {
    CrashHarness.of(
            "append",
            mesh ->
                shop(mesh)
                    .publish(ORDERS)
                    .records(Order.range(20, 26))
                    .idempotencyKey("run")
                    .commit())
        .after(ForgetfulPlaceTest::prepare)
        .on(() -> ForgetfulPlace.below(folder, 0, between))
        .deaths(Death.KILL)
        .atMost(8)
        .run();
  }

  private static void prepare(Mesh mesh) {
    shop(mesh).registerDomain("commerce").owner("shop@example.org").commit();
    shop(mesh).defineProduct(ORDERS).contract(Contract.of(Order.class)).openToMesh().commit();
    shop(mesh).publish(ORDERS).records(Order.range(0, 6)).idempotencyKey("first").commit();
  }

  private static MeshClient shop(Mesh mesh) {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  /** Does not sync files. */
  private static final class NoFileSync extends ForwardingDisk {
    private static final long serialVersionUID = 1L;

    NoFileSync(DiskCalls real) {
      super(real);
    }

    @Override
    public void syncFile(Path file, FileChannel channel) {}
  }

  /** Does not sync files that were written without a sync. */
  private static final class NoSyncOfSeveralFiles extends ForwardingDisk {
    private static final long serialVersionUID = 1L;

    NoSyncOfSeveralFiles(DiskCalls real) {
      super(real);
    }

    @Override
    public void syncFiles(Collection<Path> files) {}
  }

  /** Does not sync folders. */
  private static final class NoFolderSync extends ForwardingDisk {
    private static final long serialVersionUID = 1L;

    NoFolderSync(DiskCalls real) {
      super(real);
    }

    @Override
    public void syncFolder(Path folder) {}
  }

  /** Forwards each call. */
  private abstract static class ForwardingDisk implements DiskCalls {
    private static final long serialVersionUID = 1L;

    private final DiskCalls real;

    ForwardingDisk(DiskCalls real) {
      this.real = real;
    }

    @Override
    public void createFolder(Path folder) throws IOException {
      real.createFolder(folder);
    }

    @Override
    public FileChannel createFile(Path file) throws IOException {
      return real.createFile(file);
    }

    @Override
    public void syncFile(Path file, FileChannel channel) throws IOException {
      real.syncFile(file, channel);
    }

    @Override
    public void link(Path name, Path file) throws IOException {
      real.link(name, file);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
      real.move(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
      real.delete(path);
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
      real.syncFolder(folder);
    }
  }
}
