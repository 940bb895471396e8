package io.meshwork.internal.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.internal.ledger.TestMesh.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import io.meshwork.publish.Publish.FileFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sources of a publish that are not one plain file: pipes, devices, and gzip of several members.
 */
class PipesAndPackedFilesTest {
  private static final String ORDERS = "shop/orders";
  private static final String LATER_ROWS = "{\"id\":2}\n{\"id\":3}\n".repeat(500);

  @TempDir private Path folder;
  private Mesh mesh;
  private MeshClient owner;

  @BeforeEach
  void open() {
    mesh = LocalMesh.open(folder.resolve("mesh"));
    owner = mesh.clientAs(Principal.of("shop", "etl"));
    owner.registerDomain("shop").owner("shop@example.org").commit();
    owner.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  private Path pipe() throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    return pipe;
  }

  private static List<FileFormat> formats() {
    return List.of(
        FileFormat.jsonLines(), FileFormat.csv(), FileFormat.avro(), FileFormat.parquet());
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  @DisabledOnOs(OS.WINDOWS)
  void aPipeIsRejectedBeforeItIsOpenedWhateverTheCall() throws Exception {
    Path pipe = pipe();
    for (FileFormat format : formats()) {
      assertRejected(source(format, pipe)::commit, "pipe");
      assertRejected(source(format, pipe)::stage, "pipe");
      assertRejected(source(format, pipe)::plan, "pipe");
      assertRejected(source(format, pipe).contentDigest("b")::commit, "pipe");
    }
    Path link = Files.createSymbolicLink(folder.resolve("link.jsonl"), pipe);
    assertRejected(owner.publish(ORDERS).files(link)::commit, "link.jsonl");
    assertThatThrownBy(() -> Contract.fromParquet(pipe))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("a pipe or a device");
    assertThat(owner.publishHistory(ORDERS).receipts()).isEmpty();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aDeviceIsRejectedAndALinkToAFileIsRead() throws IOException {
    assertRejected(
        owner.publish(ORDERS).files(FileFormat.jsonLines(), Path.of("/dev/zero"))::commit, "zero");
    Path file = Files.writeString(folder.resolve("rows"), "{\"id\":1}\n");
    Path link = Files.createSymbolicLink(folder.resolve("rows.jsonl"), file);
    assertThat(owner.publish(ORDERS).files(link).commit().rowsAccepted()).isEqualTo(1);
  }

  private Publish<?> source(FileFormat format, Path file) {
    return owner.publish(ORDERS).files(format, file).idempotencyKey("a");
  }

  private static void assertRejected(Runnable call, String name) {
    assertThatThrownBy(call::run)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll(name, "a pipe or a device", "Write its content to a file")
        .satisfies(
            e ->
                assertThat(((MeshException) e).errorCode()).isEqualTo(ErrorCode.SOURCE_UNREADABLE));
  }

  private static byte[] packed(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private Path file(byte[]... members) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] member : members) {
      bytes.write(member);
    }
    return Files.write(folder.resolve("rows.jsonl.gz"), bytes.toByteArray());
  }

  @Test
  void allMembersOfAPackedFileAreRead() throws IOException {
    byte[] first = packed("{\"id\":1}\n");
    byte[] later = packed(LATER_ROWS);
    Path file = file(first, packed(""), later, new byte[512]);
    assertThat(owner.publish(ORDERS).files(file).commit().rowsAccepted()).isEqualTo(1_001);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 40, -8, -1})
  void aDamagedLaterMemberIsAnErrorAndNotTheEnd(int position) throws IOException {
    byte[] later = packed(LATER_ROWS);
    later[Math.floorMod(position, later.length)] ^= (byte) 0xe1;
    Path file = file(packed("{\"id\":1}\n"), later);
    assertThatThrownBy(() -> owner.publish(ORDERS).files(file).commit())
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("rows.jsonl.gz");
    assertThat(owner.publishHistory(ORDERS).receipts()).isEmpty();
  }

  @Test
  void aLaterMemberThatIsCutAnywhereIsAnError() throws IOException {
    byte[] first = packed("{\"id\":1}\n");
    byte[] later = packed(LATER_ROWS);
    for (int length = 1; length < later.length; length += 3) {
      Path file = file(first, Arrays.copyOf(later, length));
      assertThatThrownBy(() -> owner.publish(ORDERS).files(file).commit())
          .as("cut after " + length + " bytes")
          .isInstanceOf(MeshException.class);
    }
    assertThatThrownBy(
            () ->
                owner
                    .publish(ORDERS)
                    .files(file(first, "text".getBytes(StandardCharsets.UTF_8)))
                    .commit())
        .isInstanceOf(MeshException.class);
  }
}
