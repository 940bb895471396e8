package io.meshwork.internal.conformance.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data files of the right length with one flipped bit. */
class FlippedBitTest {
  private static final String ORDERS = "commerce/orders";

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Mesh mesh;

  @BeforeEach
  void fillAMesh() {
    mesh = LocalMesh.open(folder.resolve("mesh"));
    shop().registerDomain("commerce").owner("shop@example.org").commit();
    shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop().publish(ORDERS).records(Order.range(0, 500)).commit();
  }

  @AfterEach
  void closeTheMesh() {
    mesh.close();
  }

  private MeshClient shop() {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private List<Path> dataFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("mesh/data/commerce/orders_v1/data"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void flip(Path file, int position) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[position] ^= 4;
    Files.write(file, bytes);
  }

  private static int startOfFooter(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
    return bytes.length - 8 - length;
  }

  @Test
  void aFlippedBitOfAnyPageIsFoundByTheDoctorAndByABackup() throws IOException {
    Path file = dataFiles().get(0);
    int end = startOfFooter(file);
    List<Integer> missed = new ArrayList<>();
    int tried = 0;
    for (int position = 4; position < end; position += 7) {
      tried++;
      flip(file, position);
      if (mesh.doctor().problems().isEmpty()) {
        missed.add(position);
      }
      flip(file, position);
    }
    assertThat(mesh.doctor().findings()).as("each bit was restored").isEmpty();
    assertThat(tried).isGreaterThan(100);
    // Bloom filters and page indexes are between the pages and the footer and have no checksums.
    assertThat(missed).as("of %d", tried).hasSizeLessThan(tried / 10);

    flip(file, end / 2);
    List<Finding> found = mesh.doctor().problems();
    assertThat(found).extracting(Finding::code).containsExactly(FindingCode.FILE_CHANGED);
    assertThat(found.get(0).where()).contains(file.getFileName().toString());
    assertThat(found.get(0).fix()).contains("backup", "doctorWithChecksums()");
    LocalMesh.Copy backup = LocalMesh.backUp(folder.resolve("mesh"), folder.resolve("backup"));
    assertThat(backup.damage()).extracting(Finding::code).containsExactly(FindingCode.FILE_CHANGED);
    assertThatThrownBy(
            () -> {
              try (var rows = shop().read(ORDERS).as(Order.class).rows()) {
                rows.forEach(row -> assertThat(row).isNotNull());
              }
            })
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("doctorWithChecksums()");
  }

  @Test
  void filesOfEarlierSnapshotsAreReadWhenAllAreChecked() throws IOException {
    Path earlier = dataFiles().get(0);
    shop().publish(ORDERS).records(Order.range(0, 10)).replaceAll().commit();
    flip(earlier, startOfFooter(earlier) / 2);

    assertThat(mesh.doctor().problems()).isEmpty();
    assertThat(mesh.doctorWithChecksums().problems())
        .extracting(Finding::code)
        .containsExactly(FindingCode.FILE_CHANGED);
  }
}
