package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SeekableInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A failed store can be retried, a damaged file cannot. */
class FailingStoreTest {
  record Item(int id, String name) {}

  private static final Predicate<String> METADATA = file -> file.endsWith(".metadata.json");
  private static final Predicate<String> LISTS = file -> file.contains("snap-");
  private static final Predicate<String> MANIFESTS =
      file -> file.endsWith(".avro") && !LISTS.test(file);
  private static final Predicate<String> ROWS = file -> file.endsWith(".parquet");
  private static final List<Predicate<String>> ALL = List.of(METADATA, LISTS, MANIFESTS, ROWS);

  @SuppressWarnings("NullAway.Init") // set before each test
  @TempDir
  Path folder;

  private Mesh mesh;
  private MeshClient shop;
  private FailingFiles files;

  @BeforeEach
  void aProductWithRows() {
    mesh =
        LocalMesh.builder(folder)
            .testing()
            .wrapFiles(real -> files = new FailingFiles(real))
            .open();
    shop = mesh.clientAs(Principal.of("shop", "etl"));
    shop.registerDomain("shop").owner("shop@example.org").commit();
    shop.defineProduct("shop/items").contract(Contract.of(Item.class)).commit();
    shop.publish("shop/items").records(List.of(new Item(1, "a"), new Item(2, "b"))).commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  /** Reads as another process, which has not parsed any metadata. */
  private BackendException failureOfRead() {
    mesh.close();
    mesh = LocalMesh.builder(folder).testing().wrapFiles(real -> files).open();
    shop = mesh.clientAs(Principal.of("shop", "etl"));
    return catchThrowableOfType(
        BackendException.class,
        () -> {
          try (var rows = shop.read("shop/items").as(Item.class).rows()) {
            rows.forEach(row -> assertThat(row).isNotNull());
          }
        });
  }

  @Test
  void aFailureOfTheStoreIsRetryable() {
    for (Predicate<String> which : ALL) {
      for (boolean atOpening : new boolean[] {true, false}) {
        files.fail(which, atOpening, new IOException("the disk is busy"));

        BackendException failed = failureOfRead();

        assertThat(failed.errorCode()).isEqualTo(ErrorCode.BACKEND_FAILED);
        assertThat(failed.retryable()).isTrue();
        assertThat(failed).hasMessageContaining("Try again");
        files.fix();
        assertThat(failureOfRead()).isNull();
      }
    }
  }

  @Test
  void aMissingPermissionIsNeitherRetryableNorDamage() {
    for (Predicate<String> which : List.of(METADATA, LISTS, MANIFESTS)) {
      files.fail(which, true, new AccessDeniedException("/x"));

      BackendException failed = failureOfRead();

      assertThat(failed.errorCode()).isEqualTo(ErrorCode.BACKEND_FAILED);
      assertThat(failed.retryable()).isFalse();
      assertThat(failed).hasMessageContainingAll("may not read", "read permission");
    }
  }

  @Test
  void aMissingTruncatedOrInvalidFileIsDamaged() throws IOException {
    for (Predicate<String> which : ALL) {
      Path file = newest(which);
      byte[] whole = Files.readAllBytes(file);
      byte[] half = java.util.Arrays.copyOf(whole, whole.length / 2);
      byte[] zeros = new byte[whole.length];
      byte[] nothing = new byte[0];

      for (byte[] bad : List.of(half, zeros, nothing)) {
        Files.write(file, bad);
        assertDamaged();
      }
      Files.delete(file);
      assertDamaged();
      Files.write(file, whole);
      assertThat(failureOfRead()).isNull();
    }
  }

  private void assertDamaged() {
    BackendException failed = failureOfRead();
    assertThat(failed.errorCode()).isEqualTo(ErrorCode.DATA_DAMAGED);
    assertThat(failed.retryable()).isFalse();
  }

  private Path newest(Predicate<String> which) throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve("data"))) {
      return all.filter(
              file -> which.test(file.toString()) && !file.toString().contains("quarantine"))
          .max(java.util.Comparator.comparing(Path::toString))
          .orElseThrow();
    }
  }

  /** Files that delegate to others, some of which cannot be read. */
  private static final class FailingFiles implements FileIO {
    private static final long serialVersionUID = 1L;

    private final FileIO real;
    private transient Predicate<String> which = file -> false;
    private transient boolean atOpening;
    private transient IOException failure = new IOException();

    FailingFiles(FileIO real) {
      this.real = real;
    }

    void fail(Predicate<String> files, boolean whenOpened, IOException with) {
      which = files;
      atOpening = whenOpened;
      failure = with;
    }

    void fix() {
      which = file -> false;
    }

    private InputFile of(InputFile file) {
      if (!which.test(file.location())) {
        return file;
      }
      return new InputFile() {
        @Override
        public long getLength() {
          return file.getLength();
        }

        @Override
        public SeekableInputStream newStream() {
          if (atOpening) {
            throw new RuntimeIOException(failure);
          }
          return new FailingStream(failure);
        }

        @Override
        public String location() {
          return file.location();
        }

        @Override
        public boolean exists() {
          return file.exists();
        }
      };
    }

    @Override
    public InputFile newInputFile(String location) {
      return of(real.newInputFile(location));
    }

    @Override
    public InputFile newInputFile(String location, long length) {
      return of(real.newInputFile(location, length));
    }

    @Override
    public OutputFile newOutputFile(String location) {
      return real.newOutputFile(location);
    }

    @Override
    public void deleteFile(String location) {
      real.deleteFile(location);
    }

    @Override
    public Map<String, String> properties() {
      return real.properties();
    }

    @Override
    public void close() {
      real.close();
    }
  }

  private static final class FailingStream extends SeekableInputStream {
    private final IOException failure;

    FailingStream(IOException failure) {
      this.failure = failure;
    }

    @Override
    public long getPos() {
      return 0;
    }

    @Override
    public void seek(long position) {}

    @Override
    public int read() throws IOException {
      throw failure;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      throw failure;
    }
  }
}
