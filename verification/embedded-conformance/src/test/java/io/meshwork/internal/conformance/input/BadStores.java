package io.meshwork.internal.conformance.input;

import static io.meshwork.internal.conformance.fixture.MeshFixture.ORDERS;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Transaction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Published files that were changed or removed. */
final class BadStores {
  private static final Pattern METADATA = Pattern.compile("(\"metadataLocation\":\")[^\"]*(\")");

  private final BadInputTable table;

  private BadStores(BadInputTable table) {
    this.table = table;
  }

  static void addTo(BadInputTable table) {
    BadStores rows = new BadStores(table);
    rows.locations();
    rows.contents();
  }

  private void read(
      String number, String what, ErrorCode code, List<String> expected, BadInput.Attempt damage) {
    table.add(
        BadInput.of(number, what, BackendException.class, code, expected, MeshFixture::orders)
            .afterDamage(damage));
  }

  private void locations() {
    for (String outside : List.of("/elsewhere/secret.json", "s3://theirs/secret.json")) {
      read(
          "54",
          "a table whose metadata is at " + outside,
          ErrorCode.UNSAFE_PATH,
          List.of("commerce", "outside the root", "backup"),
          suite -> pointTo(suite, outside));
    }
  }

  private static Document pointer(MeshFixture suite) {
    return suite.registry.read(TableName.of(ProductName.of(ORDERS), 1).key()).orElseThrow();
  }

  private static void pointTo(MeshFixture suite, String location) {
    Document pointer = pointer(suite);
    String json = METADATA.matcher(pointer.json()).replaceFirst("$1" + location + "$2");
    suite.registry.commit(
        Transaction.attempt("damage").replace(pointer.key(), json, pointer.version()).build());
  }

  private static String dataFile(MeshFixture suite) {
    return suite.shop().read(ORDERS).files().get(0);
  }

  private static void change(MeshFixture suite, String location, BadFiles.Bytes change)
      throws IOException {
    byte[] content;
    try (InputStream in = suite.files.newInputFile(location).newStream()) {
      content = in.readAllBytes();
    }
    suite.files.deleteFile(location);
    try (OutputStream out = suite.files.newOutputFile(location).create()) {
      out.write(change.of(content));
    }
  }

  private static byte[] longer(byte[] content) {
    return Arrays.copyOf(content, content.length + 1);
  }

  private void contents() {
    read(
        "55",
        "a data file with a byte changed",
        ErrorCode.DATA_DAMAGED,
        List.of(ORDERS, ".parquet", "is damaged", "checksum", "column id", "backup"),
        suite -> change(suite, dataFile(suite), LyingParquet::withFirstValuesBroken));
    read(
        "55",
        "a data file that is longer than it was",
        ErrorCode.DATA_DAMAGED,
        List.of(ORDERS, ".parquet", " bytes, but was published with ", "backup"),
        suite -> change(suite, dataFile(suite), BadStores::longer));
    read(
        "55",
        "a data file that is gone",
        ErrorCode.DATA_DAMAGED,
        List.of(ORDERS, ".parquet is missing", "backup"),
        suite -> suite.files.deleteFile(dataFile(suite)));
  }
}
