package io.meshwork.internal.conformance.input;

import static io.meshwork.internal.conformance.fixture.MeshFixture.CANARY;
import static io.meshwork.internal.conformance.fixture.MeshFixture.ORDERS;

import io.meshwork.contract.Contract;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.product.Principal;
import io.meshwork.testkit.InMemoryMesh;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.io.FileIO;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.PageHeader;

/** Files with inconsistent contents. */
final class BadFiles {
  private final BadInputTable table;

  private BadFiles(BadInputTable table) {
    this.table = table;
  }

  static void addTo(BadInputTable table) {
    BadFiles rows = new BadFiles(table);
    rows.files();
    rows.pages();
  }

  private void file(String number, String what, List<String> expected, Bytes damage) {
    List<String> facts = new ArrayList<>(expected);
    facts.addAll(
        List.of(ORDERS, "damaged.parquet", "Nothing was published", "Write the file again"));
    table.add(
        number,
        what,
        ContractViolationException.class,
        ErrorCode.FILE_MALFORMED,
        facts,
        suite -> {
          Path whole = suite.copyOfDataFile("whole.parquet");
          Path damaged = suite.scratch.resolve("damaged.parquet");
          Files.write(damaged, damage.of(Files.readAllBytes(whole)));
          suite.shop().publish(ORDERS).files(whole, damaged).commit();
        });
  }

  /** Changes the bytes of an intact file. */
  interface Bytes {
    byte[] of(byte[] whole) throws IOException;
  }

  private void files() {
    file(
        "47",
        "a file without Parquet's end",
        List.of("does not end with the magic number PAR1", "offset "),
        whole -> java.util.Arrays.copyOf(whole, whole.length - 1));
    file(
        "47",
        "a file that is too short",
        List.of("has 3 bytes", "too few"),
        whole -> new byte[] {'P', 'A', 'R'});
    file("47", "an empty file", List.of("has 0 bytes", "too few"), whole -> new byte[0]);
    file(
        "47",
        "a text",
        List.of("does not end with the magic number PAR1"),
        whole -> ("id,customer\n1," + CANARY).getBytes(StandardCharsets.UTF_8));
    file(
        "47",
        "an encrypted footer",
        List.of("footer is encrypted", "mesh-parquet-hadoop", "HadoopParquetFile", "offset "),
        whole -> {
          System.arraycopy(
              "PARE".getBytes(StandardCharsets.US_ASCII), 0, whole, whole.length - 4, 4);
          return whole;
        });
    file(
        "48",
        "a footer that is longer than its file",
        List.of("the declared footer length is 1000000000 bytes", "the file has "),
        whole -> {
          ByteBuffer.wrap(whole)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt(whole.length - 8, 1_000_000_000);
          return whole;
        });
    table.add(
        "-",
        "a file that is not there",
        InvalidRequestException.class,
        ErrorCode.SOURCE_UNREADABLE,
        List.of(ORDERS, "nowhere.parquet", "does not exist at ", "Check the path"),
        suite ->
            suite.shop().publish(ORDERS).files(suite.scratch.resolve("nowhere.parquet")).commit());
    table.add(
        "-",
        "a file with a column of another type",
        ContractViolationException.class,
        ErrorCode.SCHEMA_MISMATCH,
        List.of(ORDERS, "others.parquet", "Nothing was published"),
        suite -> {
          Path file = othersAsFile(suite);
          suite.shop().publish(ORDERS).files(file).commit();
        });
  }

  /** Returns a file with columns that differ from the orders, from a separate mesh. */
  private static Path othersAsFile(MeshFixture suite) throws IOException {
    record Other(String id, long customer) {}
    Path file = suite.scratch.resolve("others.parquet");
    FileIO memory = InMemoryMesh.files();
    try (var mesh = io.meshwork.Mesh.builder(InMemoryMesh.registry(), memory, "memory:/o").open()) {
      var client = mesh.clientAs(Principal.of("others", "etl"));
      client.registerDomain("others").owner("others@example.org").commit();
      client.defineProduct("others/rows").contract(Contract.of(Other.class)).commit();
      client.publish("others/rows").records(List.of(new Other(CANARY, 1))).commit();
      try (var in = memory.newInputFile(client.read("others/rows").files().get(0)).newStream()) {
        Files.copy(in, file);
      }
    }
    return file;
  }

  private void pages() {
    for (CompressionCodec codec :
        List.of(
            CompressionCodec.ZSTD,
            CompressionCodec.GZIP,
            CompressionCodec.SNAPPY,
            CompressionCodec.LZ4_RAW)) {
      file(
          "49",
          "a page of 8 bytes that declares 2 GB for " + codec,
          List.of(
              "a page of 8 bytes declares an uncompressed size of 2000000000 for " + codec,
              "the limit is "),
          LyingParquet.withFirstPage(
              (page, column) -> {
                column.setCodec(codec);
                page.setUncompressed_page_size(2_000_000_000);
              }));
    }
    file(
        "49",
        "more rows than the bytes could stand for",
        List.of("1125899906842624", "limit"),
        LyingParquet.withRows(1L << 50));
    file(
        "50",
        "a footer with a negative count of values",
        List.of("-1 values", "column id"),
        LyingParquet.withFooter(
            footer ->
                footer
                    .getRow_groups()
                    .get(0)
                    .getColumns()
                    .get(0)
                    .getMeta_data()
                    .setNum_values(-1)));
    file(
        "50",
        "a footer with a negative count of rows",
        List.of("-3 rows"),
        LyingParquet.withFooter(footer -> footer.getRow_groups().get(0).setNum_rows(-3)));
    file(
        "50",
        "a page with a negative count",
        List.of("a page declares -1 values", "column id", "page 0"),
        LyingParquet.withFirstPage((page, column) -> countNegative(page)));
    file(
        "50",
        "a page with a negative length",
        List.of("a page of 8 bytes, -7 uncompressed", "column id", "page 0"),
        LyingParquet.withFirstPage((page, column) -> page.setUncompressed_page_size(-7)));
  }

  private static void countNegative(PageHeader page) {
    if (page.isSetDictionary_page_header()) {
      page.getDictionary_page_header().setNum_values(-1);
    } else if (page.isSetData_page_header_v2()) {
      page.getData_page_header_v2().setNum_values(-1);
    } else {
      page.getData_page_header().setNum_values(-1);
    }
  }
}
