package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.internal.files.DiskCalls;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallPublishSyncsTest {
  private record Order(long id, String city) {}

  @TempDir private Path folder;

  /** With the commit of SQLite, which is no call of this library, that makes ten. */
  @Test
  void aSmallPublishSyncsAtMostNineFilesAndFolders() {
    AtomicInteger syncs = new AtomicInteger();
    try (Mesh mesh =
        LocalMesh.in(folder)
            .testing()
            .throughFiles(real -> LocalFileIO.below(folder, new SyncCounter(syncs)))
            .open()) {
      MeshClient commerce = mesh.actingAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").ownedBy("orders@example.org").commit();
      commerce.defineProduct("commerce/orders").contract(Contract.of(Order.class)).commit();
      for (int i = 0; i < 12; i++) {
        int first = i * 10;
        syncs.set(0);
        commerce
            .publish("commerce/orders")
            .records(
                IntStream.range(first, first + 10).mapToObj(id -> new Order(id, "Oslo")).toList())
            .commit();
        if (i > 0) { // The first one also creates folders.
          assertThat(syncs.get()).as("publish %d", i).isBetween(1, 9);
        }
      }
    }
  }

  private static final class SyncCounter implements DiskCalls {
    private static final long serialVersionUID = 1L;

    private final transient DiskCalls real = DiskCalls.ofSystem();
    private final transient AtomicInteger syncs;

    SyncCounter(AtomicInteger syncs) {
      this.syncs = syncs;
    }

    @Override
    public void createFolder(Path path) throws IOException {
      real.createFolder(path);
    }

    @Override
    public FileChannel createFile(Path file) throws IOException {
      return real.createFile(file);
    }

    @Override
    public void syncFile(Path file, FileChannel channel) throws IOException {
      syncs.incrementAndGet();
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
    public void syncFolder(Path path) throws IOException {
      syncs.incrementAndGet();
      real.syncFolder(path);
    }
  }
}
