package io.meshwork.internal.conformance.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Principal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.Test;

/** Rows are written as a Parquet file, under the rights of their reader. */
public abstract class ParquetExportsSuite extends MeshFixture {
  private static final String FARES = "commerce/fares";
  private static final int FOOTER_END = 8;

  record Place(String city, Optional<String> street) {}

  record Fare(
      long id,
      String country,
      String card,
      int amount,
      Place from,
      List<Place> stops,
      Map<String, Integer> tips) {
    static Fare of(long id) {
      return new Fare(
          id,
          id % 3 == 0 ? "SE" : "NO",
          CANARY + id,
          (int) id * 10,
          new Place("c" + id, id % 2 == 0 ? Optional.empty() : Optional.of("s" + id)),
          id % 4 == 0 ? List.of() : List.of(new Place("x", Optional.empty())),
          Map.of("driver", (int) id));
    }
  }

  private MeshClient fares(long count) {
    MeshClient shop = registerShop();
    shop.defineProduct(FARES).contract(Contract.of(Fare.class)).commit();
    registerFinance();
    if (count > 0) {
      shop.publish(FARES).records(LongStream.range(0, count).mapToObj(Fare::of).toList()).commit();
    }
    return shop;
  }

  private static byte[] bytes(Read<?> read, long expected) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Rows<?> rows = read.rows()) {
      assertThat(rows.writeParquet(out)).isEqualTo(expected);
    }
    return out.toByteArray();
  }

  private static FileMetaData footer(byte[] file) throws IOException {
    int end = file.length - FOOTER_END;
    int length = (file[end] & 0xff) | (file[end + 1] & 0xff) << 8 | (file[end + 2] & 0xff) << 16;
    return Util.readFileMetaData(new ByteArrayInputStream(file, end - length, length));
  }

  /** Returns each column of a file: its name, whether it is required, and its type. */
  private static List<String> columns(byte[] file) throws IOException {
    List<String> columns = new ArrayList<>();
    List<SchemaElement> elements = footer(file).getSchema();
    for (SchemaElement element : elements.subList(1, elements.size())) {
      columns.add(
          element.getName()
              + (element.getRepetition_type() == FieldRepetitionType.OPTIONAL ? " ?" : "")
              + (element.isSetType() ? " " + element.getType() : "")
              + (element.isSetLogicalType()
                  ? " " + element.getLogicalType().toString().replaceFirst("^<LogicalType ", "<")
                  : ""));
    }
    return columns;
  }

  /** Publishes a file as another product and returns its rows. */
  private List<Map<String, Object>> published(byte[] file, String product, Contract contract)
      throws IOException {
    Path path = Files.write(scratch.resolve("exported.parquet"), file);
    shop().defineProduct(product).contract(contract).commit();
    shop().publish(product).files(path).commit();
    return all(shop().read(product).asMaps());
  }

  @Test
  void everyFlatTypeIsWrittenAndPublishedAgainUnchanged() throws IOException {
    MeshClient shop = registerShop();
    shop.defineProduct("commerce/flat").contract(FlatTypes.contract()).commit();
    long seed = 20_261_128L;
    List<Map<String, Object>> rows = new ArrayList<>(FlatTypes.extremes());
    rows.addAll(FlatTypes.random(new Random(seed), 20_000));
    shop.publish("commerce/flat").records(rows).commit();

    byte[] file = bytes(shop.read("commerce/flat"), rows.size());

    assertThat(columns(file))
        .contains(
            "flag ? BOOLEAN",
            "mass ? FIXED_LEN_BYTE_ARRAY <DECIMAL:DecimalType(scale:10, precision:38)>",
            "price ? INT32 <DECIMAL:DecimalType(scale:2, precision:9)>",
            "day ? INT32 <DATE:DateType()>",
            "uuid_text ? FIXED_LEN_BYTE_ARRAY <UUID:UUIDType()>",
            "color ? BYTE_ARRAY <STRING:StringType()>",
            "instant_millis ? INT64 <TIMESTAMP:TimestampType(isAdjustedToUTC:true,"
                + " unit:<TimeUnit MICROS:MicroSeconds()>)>",
            "local_micros ? INT64 <TIMESTAMP:TimestampType(isAdjustedToUTC:false,"
                + " unit:<TimeUnit MICROS:MicroSeconds()>)>");
    assertThat(published(file, "commerce/again", FlatTypes.contract()))
        .as("seed %s", seed)
        .isEqualTo(rows);
  }

  @Test
  void nestedColumnsAndPartsOfThemKeepTheirStructureAndNullability() throws IOException {
    MeshClient shop = fares(50);

    byte[] whole = bytes(shop.read(FARES), 50);
    byte[] parts = bytes(shop.read(FARES).columns("stops[].city", "from.city", "id"), 50);

    assertThat(columns(whole))
        .startsWith("id INT64", "country BYTE_ARRAY <STRING:StringType()>")
        .contains("from", "street ? BYTE_ARRAY <STRING:StringType()>")
        .contains("stops <LIST:ListType()>", "tips <MAP:MapType()>");
    assertThat(published(whole, "commerce/again", Contract.of(Fare.class)))
        .isEqualTo(all(shop.read(FARES).asMaps()));
    assertThat(columns(parts).stream().map(column -> column.split(" ", 2)[0]))
        .containsExactly("stops", "list", "element", "city", "from", "city", "id");
  }

  @Test
  void aFileHasOnlyTheColumnsRowsAndCellsThatItsReaderSees() throws IOException {
    MeshClient shop = fares(9);
    shop.grant(FARES)
        .to(Principal.of("finance", "etl"))
        .columns("id", "country")
        .rows("id < 8")
        .because("They bill.")
        .commit();
    shop.grant(FARES)
        .to(Principal.of("finance", "etl"))
        .columns("id", "amount", "stops")
        .rows("country = 'SE'")
        .because("They bill.")
        .commit();
    MeshClient finance = as("finance");
    List<Map<String, Object>> seen = all(finance.read(FARES).asMaps());

    byte[] file = bytes(finance.read(FARES), 8);

    assertThat(columns(file))
        .contains("id INT64", "amount ? INT32", "stops ? <LIST:ListType()>")
        .noneMatch(column -> column.startsWith("card"));
    assertThat(new String(file, StandardCharsets.ISO_8859_1)).doesNotContain(CANARY, "card");
    Path path = Files.write(scratch.resolve("seen.parquet"), file);
    shop.defineProduct("commerce/seen").contract(Contract.fromParquet(path)).commit();
    shop.publish("commerce/seen").files(path).commit();
    assertThat(all(shop.read("commerce/seen").asMaps())).isEqualTo(seen).hasSize(8);
    assertThat(seen).extracting(row -> row.get("amount")).contains(30).containsNull();
    assertThatThrownBy(() -> finance.read(FARES).columns("id", "card").rows())
        .hasMessageContaining("'card'");
  }

  @Test
  void noRowsAreAFileWithColumns() throws IOException {
    MeshClient shop = fares(0);
    byte[] unpublished = bytes(shop.read(FARES), 0);
    shop.publish(FARES).records(List.of(Fare.of(1))).commit();

    byte[] unmatched = bytes(shop.read(FARES).where("id = 7").columns("id", "from"), 0);

    assertThat(footer(unpublished).getNum_rows()).isZero();
    assertThat(columns(unpublished)).contains("id INT64", "tips <MAP:MapType()>");
    assertThat(columns(unmatched)).hasSize(4).contains("id INT64");
  }

  @Test
  void theBatchOfASubscriptionIsWrittenAndThenAcknowledged() throws IOException {
    MeshClient shop = defineOrders();
    registerFinance();
    Subscription<?> books =
        as("finance").subscribe(ORDERS).name("books").purpose("Books").columns("id").commit();
    shop.publish(ORDERS).records(Order.range(0, 5)).commit();
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    try (Batch<?> batch = books.poll()) {
      assertThat(batch.writeParquet(out)).isEqualTo(5);
      batch.ack();
    }

    assertThat(columns(out.toByteArray())).containsExactly("id INT64");
    try (Batch<?> batch = books.poll()) {
      assertThat(batch.isEmpty()).isTrue();
    }
  }

  @Test
  void rowsAreWrittenOnceAndTheStreamStaysOpen() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 5)).commit();
    boolean[] closed = new boolean[1];
    OutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            closed[0] = true;
          }
        };

    try (Rows<?> rows = shop.read(ORDERS).rows()) {
      assertThat(rows.writeParquet(out)).isEqualTo(5);
      assertThatThrownBy(() -> rows.writeParquet(out)).isInstanceOf(InvalidRequestException.class);
    }

    assertThat(closed[0]).isFalse();
  }

  @Test
  void aStreamThatFailsIsNamedAsTheReason() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 5)).commit();
    OutputStream full =
        new OutputStream() {
          private int remaining = 100;

          @Override
          public void write(int value) throws IOException {
            if (remaining-- == 0) {
              throw new IOException("No space left on device");
            }
          }
        };

    try (Rows<?> rows = shop.read(ORDERS).rows()) {
      assertThatThrownBy(() -> rows.writeParquet(full))
          .isInstanceOfSatisfying(
              BackendException.class,
              failed -> assertThat(failed.errorCode()).isEqualTo(ErrorCode.STORAGE_UNWRITABLE))
          .hasMessageContainingAll(ORDERS, "No space left on device", "not a Parquet file")
          .hasCauseInstanceOf(IOException.class);
    }
  }
}
