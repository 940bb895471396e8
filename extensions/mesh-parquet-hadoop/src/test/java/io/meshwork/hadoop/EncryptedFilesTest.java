package io.meshwork.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.crypto.ColumnEncryptionProperties;
import org.apache.parquet.crypto.FileEncryptionProperties;
import org.apache.parquet.crypto.ParquetCipher;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files with Parquet's modular encryption, written by parquet-hadoop. */
class EncryptedFilesTest {
  private static final String SCHEMA =
      """
      message m {
        required int64 id;
        optional binary name (STRING);
        optional group lines (LIST) { repeated group list { optional int32 element; } }
        optional group address { optional int32 zip; optional binary city (STRING); }
      }
      """;

  private static final byte[] FOOTER = key(16, 1);
  private static final byte[] NAME = key(24, 2);
  private static final byte[] LINES = key(32, 3);
  private static final byte[] OTHER = key(16, 9);
  private static final byte[] PREFIX = "sales-2026-11".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private Path plain;

  @BeforeEach
  void writesTheSameRowsWithoutEncryption() throws IOException {
    plain = write("plain.parquet", null);
  }

  @Test
  void aFileOfOneKeyIsPublished() throws IOException {
    for (ParquetCipher cipher : ParquetCipher.values()) {
      for (int length : new int[] {16, 24, 32}) {
        byte[] key = key(length, 5);
        Path file =
            write(
                cipher + "-" + length,
                FileEncryptionProperties.builder(key).withAlgorithm(cipher).build());
        assertPublished(HadoopParquetFile.at(file).footerKey(key));
      }
    }
  }

  @Test
  void columnsWithTheirOwnKeysArePublished() throws IOException {
    for (ParquetCipher cipher : ParquetCipher.values()) {
      Path file = write("columns-" + cipher, columns(true).withAlgorithm(cipher).build());
      assertPublished(keys(HadoopParquetFile.at(file).footerKey(FOOTER)));
    }
  }

  @Test
  void encryptedColumnsUnderAReadableFooterArePublished() throws IOException {
    Path file = write("footer.parquet", columns(true).withPlaintextFooter().build());
    assertPublished(keys(HadoopParquetFile.at(file).footerKey(FOOTER)));
    // Without the key of the footer, its signature is not verified.
    Path some = write("some.parquet", columns(false).withPlaintextFooter().build());
    assertPublished(keys(HadoopParquetFile.at(some)));
  }

  @Test
  void keysAreFoundByTheirMetadata() throws IOException {
    Path file = write("metadata.parquet", columns(true).build());
    Map<String, byte[]> keys = Map.of("footer", FOOTER, "name", NAME, "lines", LINES);
    assertPublished(
        HadoopParquetFile.at(file).keys(id -> keys.get(new String(id, StandardCharsets.UTF_8))));
    assertPublished(
        HadoopParquetFile.at(file)
            .footerKey(FOOTER)
            .columnKey("name", NAME)
            .keys(id -> keys.get(new String(id, StandardCharsets.UTF_8))));
  }

  @Test
  void thePrefixIsComparedOrGiven() throws IOException {
    Path stored =
        write("stored", FileEncryptionProperties.builder(FOOTER).withAADPrefix(PREFIX).build());
    assertPublished(HadoopParquetFile.at(stored).footerKey(FOOTER));
    assertPublished(HadoopParquetFile.at(stored).footerKey(FOOTER).authenticatedPrefix(PREFIX));
    assertUnreadable(
        HadoopParquetFile.at(stored).footerKey(FOOTER).authenticatedPrefix(OTHER), "prefix");

    Path given =
        write(
            "given",
            FileEncryptionProperties.builder(FOOTER)
                .withAADPrefix(PREFIX)
                .withoutAADPrefixStorage()
                .build());
    assertPublished(HadoopParquetFile.at(given).footerKey(FOOTER).authenticatedPrefix(PREFIX));
    assertUnreadable(HadoopParquetFile.at(given).footerKey(FOOTER), "prefix");
    assertUnreadable(
        HadoopParquetFile.at(given).footerKey(FOOTER).authenticatedPrefix(OTHER), "prefix");
  }

  @Test
  void aWrongKeyIsRecognizedWithItsPart() throws IOException {
    for (ParquetCipher cipher : ParquetCipher.values()) {
      Path file = write("wrong-" + cipher, columns(true).withAlgorithm(cipher).build());
      HadoopParquetFile unlocked = HadoopParquetFile.at(file);
      assertUnreadable(keys(unlocked.footerKey(OTHER)), "the footer cannot be decrypted");
      assertUnreadable(
          keys(unlocked.footerKey(FOOTER)).columnKey("name", OTHER),
          "column name cannot be decrypted");
      assertUnreadable(unlocked.keys(id -> OTHER), "the footer cannot be decrypted");
    }
    Path signed = write("signed", columns(false).withPlaintextFooter().build());
    assertUnreadable(keys(HadoopParquetFile.at(signed).footerKey(OTHER)), "cannot be decrypted");
  }

  @Test
  void aMissingKeyIsRecognizedWithItsPart() throws IOException {
    Path file = write("missing.parquet", columns(true).build());
    HadoopParquetFile locked = HadoopParquetFile.at(file);
    assertUnreadable(locked, "the footer is encrypted, and no key is set");
    assertUnreadable(locked.authenticatedPrefix(PREFIX), "the footer is encrypted");
    assertUnreadable(locked.columnKey("name", NAME), "the footer is encrypted");
    assertUnreadable(
        locked.footerKey(FOOTER).columnKey("name", NAME),
        "column lines.list.element is encrypted, and no key is set");
    assertUnreadable(
        locked.footerKey(FOOTER).columnKey("lines.list.element", LINES).keys(id -> null),
        "column name is encrypted, and no key is set");
    assertUnreadable(locked.keys(id -> null), "the footer is encrypted");
    Path open = write("open.parquet", columns(false).withPlaintextFooter().build());
    assertUnreadable(HadoopParquetFile.at(open), "column name is encrypted");
    Path complete = write("complete.parquet", columns(true).withPlaintextFooter().build());
    assertUnreadable(keys(HadoopParquetFile.at(complete)), "column id is encrypted");
  }

  @Test
  void aFailureOfTheFunctionOfKeysIsItsCause() throws IOException {
    Path file = write("function.parquet", columns(true).build());
    IllegalStateException failure = new IllegalStateException("no connection");
    AtomicInteger calls = new AtomicInteger();
    UnaryOperator<byte[]> failing =
        id -> {
          if (calls.incrementAndGet() == 1) {
            return FOOTER;
          }
          throw failure;
        };
    assertThatThrownBy(() -> HadoopParquetFile.at(file).keys(failing).records())
        .isInstanceOfSatisfying(
            MeshException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.CALLER_CODE_FAILED))
        .hasCause(failure)
        .hasMessageNotContaining("no connection");
    assertFails(
        HadoopParquetFile.at(file).keys(id -> new byte[5]), ErrorCode.INVALID_ARGUMENT, "5 bytes");
  }

  @Test
  void argumentsAreChecked() {
    HadoopParquetFile file = HadoopParquetFile.at(plain);
    assertThatThrownBy(() -> HadoopParquetFile.at(null)).isInstanceOf(MeshException.class);
    assertThatThrownBy(() -> file.footerKey(new byte[15])).hasMessageContaining("15 bytes");
    assertThatThrownBy(() -> file.columnKey("name", null)).hasMessageContaining("column name");
    assertThatThrownBy(() -> file.columnKey(" ", FOOTER)).isInstanceOf(MeshException.class);
    assertThatThrownBy(() -> file.keys(null)).isInstanceOf(MeshException.class);
    assertThatThrownBy(() -> file.authenticatedPrefix(new byte[0]))
        .isInstanceOf(MeshException.class);
    assertThat(file.footerKey(FOOTER)).hasToString("HadoopParquetFile of plain.parquet");
  }

  @Test
  void aKeyIsCopied() throws IOException {
    Path file = write("copied", FileEncryptionProperties.builder(FOOTER).build());
    byte[] key = FOOTER.clone();
    HadoopParquetFile unlocked = HadoopParquetFile.at(file).footerKey(key);
    Arrays.fill(key, (byte) 0);
    assertPublished(unlocked);
  }

  @Test
  void keysForAFileWithoutEncryptionAreRejected() {
    assertPublished(HadoopParquetFile.at(plain));
    assertUnreadable(HadoopParquetFile.at(plain).footerKey(FOOTER), "it is not encrypted");
    assertUnreadable(
        HadoopParquetFile.at(plain).authenticatedPrefix(PREFIX), "it is not encrypted");
  }

  @Test
  void aFileThatIsNotThereOrIsNotParquetIsRejected() throws IOException {
    assertUnreadable(HadoopParquetFile.at(folder.resolve("none")), "does not exist");
    assertUnreadable(HadoopParquetFile.at(folder), "does not exist");
    for (String text : List.of("", "PAR1", "id,name\n1,a\n2,b\n")) {
      Path file = Files.writeString(folder.resolve("text"), text);
      assertFails(HadoopParquetFile.at(file), ErrorCode.FILE_MALFORMED, "magic number");
    }
    byte[] whole = Files.readAllBytes(plain);
    whole[whole.length - 6] = 0x7f;
    Path file = Files.write(folder.resolve("length"), whole);
    assertFails(HadoopParquetFile.at(file), ErrorCode.FILE_MALFORMED, "footer length");
  }

  @Test
  void anyChangedByteIsAnErrorOrChangesNothing() throws IOException {
    Path file = write("changed", FileEncryptionProperties.builder(FOOTER).build());
    byte[] whole = Files.readAllBytes(file);
    List<GenericRecord> rows = records(HadoopParquetFile.at(file).footerKey(FOOTER));
    int failed = 0;
    for (int at = 0; at < whole.length; at += 997) {
      byte[] changed = whole.clone();
      changed[at] ^= 0x10;
      Path copy = Files.write(folder.resolve("copy"), changed);
      try {
        assertThat(records(HadoopParquetFile.at(copy).footerKey(FOOTER)))
            .as("byte %s", at)
            .isEqualTo(rows);
      } catch (MeshException e) {
        failed++;
        assertThat(e.errorCode())
            .as("byte %s: %s", at, e)
            .isIn(ErrorCode.SOURCE_UNREADABLE, ErrorCode.FILE_MALFORMED);
      }
    }
    assertThat(failed).isGreaterThan(whole.length / 997 / 2);
  }

  @Test
  void aCodecWithoutItsLibraryIsNamed() throws IOException {
    for (CompressionCodec codec :
        List.of(CompressionCodec.BROTLI, CompressionCodec.LZO, CompressionCodec.LZ4)) {
      Path file =
          Footers.change(
              plain,
              folder.resolve(codec + ".parquet"),
              footer ->
                  footer
                      .getRow_groups()
                      .forEach(
                          group ->
                              group.getColumns().forEach(c -> c.getMeta_data().setCodec(codec))));
      assertFails(
          HadoopParquetFile.at(file),
          ErrorCode.FILE_MALFORMED,
          "column id has the codec " + codec + ", which needs the class ");
      assertThat(HadoopParquetFile.at(file).schema().getFields()).hasSize(4);
    }
  }

  @Test
  void theErrorsOfAPublishAndAContractNameThisModule() throws IOException {
    Path file = write("footer", FileEncryptionProperties.builder(FOOTER).build());
    Path columns = write("columns", columns(false).withPlaintextFooter().build());
    try (Mesh mesh = LocalMesh.open(folder.resolve("mesh"))) {
      MeshClient client = client(mesh);
      for (Path each : List.of(file, columns)) {
        assertThatThrownBy(() -> client.publish("d/p").files(each).commit())
            .hasMessageContaining("encrypted")
            .hasMessageContaining("mesh-parquet-hadoop")
            .hasMessageContaining("HadoopParquetFile");
      }
    }
    assertThatThrownBy(() -> Contract.fromParquet(file))
        .hasMessageContaining("encrypted")
        .hasMessageContaining("mesh-parquet-hadoop");
  }

  private void assertPublished(HadoopParquetFile file) {
    assertThat(file.schema()).isEqualTo(Contract.fromParquet(plain).schema());
    try (Mesh mesh = LocalMesh.open(Files.createTempDirectory(folder, "m"))) {
      MeshClient client = client(mesh);
      client.publish("d/p").records(file.records()).commit();
      List<GenericRecord> rows = new ArrayList<>();
      try (Rows<GenericRecord> read = client.read("d/p").rows()) {
        read.forEach(rows::add);
      }
      client.publish("d/p").files(plain).replaceAll().commit();
      List<GenericRecord> expected = new ArrayList<>();
      try (Rows<GenericRecord> read = client.read("d/p").rows()) {
        read.forEach(expected::add);
      }
      assertThat(rows).hasSize(3_000).isEqualTo(expected);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private MeshClient client(Mesh mesh) {
    MeshClient client = mesh.clientAs(Principal.of("d", "etl"));
    client.registerDomain("d").owner("d@example.org").commit();
    client.defineProduct("d/p").contract(Contract.fromParquet(plain)).commit();
    return client;
  }

  private static List<GenericRecord> records(HadoopParquetFile file) {
    try (Stream<GenericRecord> rows = file.records()) {
      return rows.toList();
    }
  }

  private static void assertUnreadable(HadoopParquetFile file, String fact) {
    assertFails(file, ErrorCode.SOURCE_UNREADABLE, fact);
  }

  private static void assertFails(HadoopParquetFile file, ErrorCode code, String fact) {
    assertThatThrownBy(() -> records(file))
        .isInstanceOfSatisfying(
            MeshException.class,
            e -> {
              assertThat(e.errorCode()).as(e.getMessage()).isEqualTo(code);
              assertThat(e.fix()).isNotEmpty();
            })
        .hasMessageContaining(fact);
  }

  private static HadoopParquetFile keys(HadoopParquetFile file) {
    return file.columnKey("name", NAME).columnKey("lines.list.element", LINES);
  }

  /** Encrypts two columns with their own keys, and the others with the footer's or not at all. */
  private static FileEncryptionProperties.Builder columns(boolean complete) {
    Map<ColumnPath, ColumnEncryptionProperties> columns = new HashMap<>();
    add(
        columns,
        ColumnEncryptionProperties.builder(ColumnPath.get("name")).withKey(NAME).withKeyID("name"));
    add(
        columns,
        ColumnEncryptionProperties.builder(ColumnPath.get("lines", "list", "element"))
            .withKey(LINES)
            .withKeyID("lines"));
    FileEncryptionProperties.Builder properties =
        FileEncryptionProperties.builder(FOOTER)
            .withFooterKeyID("footer")
            .withEncryptedColumns(columns);
    return complete ? properties.withCompleteColumnEncryption() : properties;
  }

  private static void add(
      Map<ColumnPath, ColumnEncryptionProperties> columns,
      ColumnEncryptionProperties.Builder column) {
    ColumnEncryptionProperties built = column.build();
    columns.put(built.getPath(), built);
  }

  private Path write(String name, FileEncryptionProperties encryption) throws IOException {
    return new RandomFile(SCHEMA, 42).encryption(encryption).write(folder.resolve(name));
  }

  private static byte[] key(int length, int seed) {
    byte[] key = new byte[length];
    new java.util.Random(seed).nextBytes(key);
    return key;
  }
}
