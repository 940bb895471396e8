package io.meshwork.internal.publish;

import static io.meshwork.contract.Partition.by;
import static io.meshwork.contract.Rule.atMost;
import static io.meshwork.contract.Rule.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ContractViolationException;
import io.meshwork.internal.parquet.write.CopiedChunk;
import io.meshwork.internal.parquet.write.ParquetCopyWriter;
import io.meshwork.internal.parquet.write.RowGroupMeasure;
import io.meshwork.internal.publish.ConcurrentPublishTest.TaggedOrder;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.VectorBatch;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose columns fit a contract are published without being encoded again. */
class CopiedFilesTest {
  private static final String ORDERS = "shop/orders";
  private static final int ROWS = 400_000;

  @TempDir private Path folder;
  private Mesh mesh;
  private MeshClient shop;
  private Connection duck;

  @BeforeEach
  void open() throws SQLException {
    mesh = LocalMesh.open(folder.resolve("mesh"));
    shop = mesh.clientAs(Principal.of("shop", "etl"));
    shop.registerDomain("shop").owner("shop@example.org").commit();
    duck = DriverManager.getConnection("jdbc:duckdb:");
  }

  @AfterEach
  void close() throws SQLException {
    duck.close();
    mesh.close();
  }

  /** Writes orders with DuckDB, in row groups of 122,880 rows. */
  private Path orders(String name, String condition, String options) throws SQLException {
    Path file = folder.resolve(name);
    execute(
        """
        COPY (SELECT i AS id, 'customer ' || (i * 7919) AS customer, (i %% 1000) / 4.0 AS amount,
          TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_seconds(i) AS placed,
          'c' || (i * 4 // %d) AS country,
          CASE WHEN i %% 3 = 0 THEN ['a', 'b' || i] ELSE [] END AS tags
          FROM range(%d) t(i) WHERE %s ORDER BY i) TO '%s' (FORMAT parquet%s)\
        """
            .formatted(ROWS, ROWS, condition, file, options));
    return file;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = duck.createStatement()) {
      statement.execute(sql);
    }
  }

  private String text(String sql) throws SQLException {
    try (Statement statement = duck.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  private static Contract contract() {
    return Contract.of(TaggedOrder.class).require(unique("id"), atMost("amount", 1_000));
  }

  private List<Path> published() {
    return shop.read(ORDERS).files().stream()
        .map(file -> file.startsWith("file:") ? Path.of(URI.create(file)) : Path.of(file))
        .toList();
  }

  private static String table(List<Path> files) {
    List<String> quoted = files.stream().map(file -> "'" + file + "'").toList();
    return "read_parquet(" + quoted + ", hive_partitioning = false)";
  }

  private String difference(List<Path> files, String expected) throws SQLException {
    String columns = "SELECT id, customer, amount, placed, country, tags FROM ";
    String one = columns + table(files);
    String other = columns + expected;
    return text(
        "SELECT (SELECT count(*) FROM (%s EXCEPT ALL %s)) || ' ' || (SELECT count(*) FROM (%s EXCEPT ALL %s))"
            .formatted(one, other, other, one));
  }

  private String codecs(List<Path> files) throws SQLException {
    return text(
        "SELECT string_agg(DISTINCT compression, ' ' ORDER BY compression) FROM parquet_metadata("
            + files.stream().map(file -> "'" + file + "'").toList()
            + ")");
  }

  private static FileMetaData footer(byte[] file) throws IOException {
    int length = ByteBuffer.wrap(file, file.length - 8, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
    return Util.readFileMetaData(new ByteArrayInputStream(file, file.length - 8 - length, length));
  }

  @Test
  void aFileThatFitsKeepsItsPagesUnderAFooterOfTheTable() throws Exception {
    shop.defineProduct(ORDERS).contract(contract()).commit();
    Path file = orders("orders.parquet", "true", ", COMPRESSION snappy");

    PublishReceipt receipt = shop.publish(ORDERS).files(file).commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(ROWS);
    assertThat(published()).hasSize(1);
    // Our writer knows no Snappy, so no page was compressed again.
    assertThat(codecs(published())).isEqualTo("SNAPPY");
    assertThat(difference(published(), "'" + file + "'")).isEqualTo("0 0");
    FileMetaData footer = footer(Files.readAllBytes(published().get(0)));
    assertThat(footer.getCreated_by()).startsWith("meshwork");
    assertThat(footer.getKey_value_metadata()).hasSize(1);
    assertThat(footer.getSchema().stream().skip(1).filter(SchemaElement::isSetType))
        .allMatch(SchemaElement::isSetField_id);
    assertThat(footer.getRow_groups()).hasSize(4);
    assertThat(readByParquetJava(published().get(0))).isEqualTo(ROWS);
    try (Rows<TaggedOrder> rows =
        shop.read(ORDERS).where("id = 300123").as(TaggedOrder.class).rows()) {
      assertThat(rows)
          .containsExactly(
              new TaggedOrder(
                  300_123,
                  "customer " + 300_123 * 7919L,
                  30.75,
                  Instant.parse("2026-01-01T00:00:00Z").plusSeconds(300_123),
                  "c3",
                  List.of("a", "b300123")));
    }
  }

  private static long readByParquetJava(Path file) throws IOException {
    long rows = 0;
    try (ParquetReader<GenericRecord> reader =
        AvroParquetReader.<GenericRecord>builder(
                new LocalInputFile(file), new PlainParquetConfiguration())
            .build()) {
      for (GenericRecord row = reader.read(); row != null; row = reader.read()) {
        rows++;
      }
    }
    return rows;
  }

  @Test
  void aCopyIsFilteredByTheValuesAndNotByTheStatisticsOfTheFile() throws Exception {
    shop.defineProduct(ORDERS).contract(contract()).commit();
    Path file = orders("lying.parquet", "true", "");
    withFooter(
        file,
        footer -> {
          for (RowGroup group : footer.getRow_groups()) {
            ByteBuffer nothing = ByteBuffer.allocate(8);
            group
                .getColumns()
                .get(0)
                .getMeta_data()
                .getStatistics()
                .setMin_value(nothing.array())
                .setMax_value(nothing.array())
                .setMin(nothing.array())
                .setMax(nothing.array());
          }
        });

    shop.publish(ORDERS).files(file).commit();

    assertThat(codecs(published())).isEqualTo("SNAPPY");
    try (Rows<TaggedOrder> rows =
        shop.read(ORDERS).where("id = 200000").as(TaggedOrder.class).rows()) {
      assertThat(rows).hasSize(1);
    }
    assertThat(text("SELECT count(*) FROM " + table(published()) + " WHERE id = 200000"))
        .isEqualTo("1");
  }

  private static void withFooter(Path file, Consumer<FileMetaData> change) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    FileMetaData footer = footer(whole);
    int length =
        ByteBuffer.wrap(whole, whole.length - 8, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
    change.accept(footer);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(whole, 0, whole.length - 8 - length);
    int start = out.size();
    Util.writeFileMetaData(footer, out);
    out.write(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(out.size() - start).array());
    out.write(whole, whole.length - 4, 4);
    Files.write(file, out.toByteArray());
  }

  @Test
  void onlyTheRowGroupsOfARowThatIsNotPublishedAreEncodedAgain() throws Exception {
    shop.defineProduct(ORDERS)
        .contract(
            Contract.of(TaggedOrder.class)
                .require(atMost("id", ROWS - 3).id("most"))
                .onViolation(OnViolation.QUARANTINE))
        .commit();
    Path file = orders("orders.parquet", "true", "");

    PublishReceipt receipt = shop.publish(ORDERS).files(file).commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(ROWS - 2);
    assertThat(receipt.quality().rowsQuarantined()).isEqualTo(2);
    assertThat(codecs(published())).contains("SNAPPY").contains("ZSTD");
    assertThat(difference(published(), "'" + file + "' WHERE id <= " + (ROWS - 3)))
        .isEqualTo("0 0");
  }

  @Test
  void aRowGroupOfSeveralPartitionsIsEncodedAgain() throws Exception {
    shop.defineProduct(ORDERS).contract(contract()).partitionBy(by("country")).commit();
    Path file = orders("orders.parquet", "true", "");

    shop.publish(ORDERS).files(file).commit();

    assertThat(difference(published(), "'" + file + "'")).isEqualTo("0 0");
    assertThat(codecs(published())).contains("SNAPPY").contains("ZSTD");
    for (Path each : published()) {
      assertThat(text("SELECT count(DISTINCT country) FROM '" + each + "'")).isEqualTo("1");
    }
  }

  @Test
  void aFileThatDoesNotFitIsEncodedAgain() throws Exception {
    shop.defineProduct(ORDERS).contract(contract()).commit();
    Path millis = folder.resolve("millis.parquet");
    String twoRowGroups = "i < 130000";
    Path all = orders("orders.parquet", twoRowGroups, "");
    execute(
        "COPY (SELECT id::INTEGER AS id, customer, amount, placed, country, tags FROM '%s') TO '%s'"
            .formatted(all, millis));
    Path brotli = orders("brotli.parquet", twoRowGroups, ", COMPRESSION brotli");
    Path deltas = orders("deltas.parquet", twoRowGroups, ", PARQUET_VERSION v2");
    for (Path file : List.of(millis, brotli, deltas)) {
      shop.publish(ORDERS).replaceAll().files(file).commit();

      assertThat(difference(published(), "'" + all + "'")).as("%s", file).isEqualTo("0 0");
      assertThat(codecs(published())).as("%s", file).contains("ZSTD").doesNotContain("SNAPPY");
    }
  }

  @Test
  void aRowThatBreaksTheContractRejectsAFileThatFits() throws Exception {
    shop.defineProduct(ORDERS)
        .contract(Contract.of(TaggedOrder.class).require(atMost("amount", 100)))
        .commit();
    Path file = orders("orders.parquet", "true", "");

    assertThatThrownBy(() -> shop.publish(ORDERS).files(file).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("atMost.amount");

    assertThat(published()).isEmpty();
  }

  @Test
  void aFileThatIsOverwrittenWhileItIsPublishedIsRejected() throws Exception {
    shop.defineProduct(ORDERS).contract(contract()).commit();
    Path file = orders("orders.parquet", "true", ", COMPRESSION uncompressed");
    List<Long> changed = new ArrayList<>();

    assertThatThrownBy(
            () ->
                shop.publish(ORDERS)
                    .files(file)
                    .onProgress(
                        (phase, done, total) -> {
                          if (changed.isEmpty() && phase.equals("rows") && done < 100_000) {
                            changed.add(done);
                            overwrite(file, 10_000);
                          }
                        })
                    .commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("the file was changed while it was read");

    assertThat(changed).hasSize(1);
    assertThat(published()).isEmpty();
  }

  private static void overwrite(Path file, long offset) {
    try (RandomAccessFile target = new RandomAccessFile(file.toFile(), "rw")) {
      target.seek(offset);
      int before = target.read();
      target.seek(offset);
      target.write(before ^ 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  record Person(String name) {}

  /** Arrow writes the whole dictionary of a column, also for rows that were filtered out. */
  @Test
  void valuesOfADictionaryThatNoRowHasAreNotCopied() throws Exception {
    shop.defineProduct("shop/people").contract(Contract.of(Person.class)).commit();
    Path unused = people("unused.parquet", "ada", "eve", "secret");
    Path used = people("used.parquet", "ada", "eve");

    for (Path file : List.of(unused, used)) {
      shop.publish("shop/people").replaceAll().files(file).commit();

      try (Rows<Person> rows = shop.read("shop/people").as(Person.class).rows()) {
        assertThat(rows).filteredOn(row -> row.equals(new Person("eve"))).hasSize(10);
      }
      String location = shop.read("shop/people").files().get(0);
      Path data = location.startsWith("file:") ? Path.of(URI.create(location)) : Path.of(location);
      byte[] bytes = Files.readAllBytes(data);
      boolean copied =
          footer(bytes)
              .getRow_groups()
              .get(0)
              .getColumns()
              .get(0)
              .getMeta_data()
              .getEncodings()
              .contains(Encoding.PLAIN_DICTIONARY);
      assertThat(copied).as("%s", file).isEqualTo(file.equals(used));
      assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
    }
  }

  /** Writes ten rows with the first entry, and ten with the second one. */
  private Path people(String name, String... entries) throws IOException {
    ByteArrayOutputStream dictionary = new ByteArrayOutputStream();
    for (String entry : entries) {
      dictionary.write(
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(entry.length()).array());
      dictionary.write(entry.getBytes(StandardCharsets.UTF_8));
    }
    // Indices of two bits, in two runs of ten.
    byte[] indices = {2, 10 << 1, 0, 10 << 1, 1};
    List<byte[]> bodies = List.of(dictionary.toByteArray(), indices);
    List<PageHeader> headers = new ArrayList<>();
    for (byte[] body : bodies) {
      CRC32 crc = new CRC32();
      crc.update(body);
      headers.add(
          new PageHeader(PageType.DATA_PAGE, body.length, body.length)
              .setCrc((int) crc.getValue()));
    }
    headers
        .get(0)
        .setType(PageType.DICTIONARY_PAGE)
        .setDictionary_page_header(
            new DictionaryPageHeader(entries.length, Encoding.PLAIN_DICTIONARY));
    headers
        .get(1)
        .setData_page_header(
            new DataPageHeader(20, Encoding.PLAIN_DICTIONARY, Encoding.RLE, Encoding.RLE));
    Schema schema = new Schema(Types.NestedField.required(1, "name", Types.StringType.get()));
    BytesVector names = new BytesVector();
    for (int i = 0; i < 20; i++) {
      names.append(entries[i / 10].getBytes(StandardCharsets.UTF_8));
    }
    Path file = folder.resolve(name);
    List<CopiedChunk> chunks =
        List.of(new CopiedChunk(CompressionCodec.UNCOMPRESSED, 20, headers, bodies::get));
    RowGroupMeasure measure = new RowGroupMeasure(schema, Set.of());
    measure.add(new VectorBatch(schema, List.of(names)), chunks, Runnable::run);
    try (ParquetCopyWriter writer =
        ParquetCopyWriter.open(
            org.apache.iceberg.Files.localOutput(file.toFile()).create(), schema, Map.of())) {
      writer.add(measure, chunks);
      writer.finish();
    }
    return file;
  }

  @Test
  void smallFilesAreWrittenTogether() throws Exception {
    shop.defineProduct(ORDERS).contract(contract()).commit();
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      files.add(orders(i + ".parquet", "i < 4000 AND i % 4 = " + i, ""));
    }

    shop.publish(ORDERS).files(files.toArray(Path[]::new)).commit();

    assertThat(published()).hasSize(1);
    assertThat(difference(published(), table(files))).isEqualTo("0 0");
    assertThat(Map.of("codecs", codecs(published()))).doesNotContainValue("SNAPPY");
  }
}
