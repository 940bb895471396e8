package io.meshwork.internal.conformance.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.RandomRows;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Columns of records, lists, and maps are read whole or in parts. */
public abstract class NestedColumnsSuite extends MeshFixture {
  private static final String SALES = "commerce/sales";

  /** The schema of the Java records below. */
  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {'type':'record','name':'Sale','fields':[
                {'name':'id','type':'long'},
                {'name':'customer','type':{'type':'record','name':'Customer','fields':[
                  {'name':'name','type':'string'},
                  {'name':'address','type':['null',
                    {'type':'record','name':'Address','fields':[
                      {'name':'street','type':'string'},
                      {'name':'city','type':['null','string'],'default':null}]}],'default':null},
                  {'name':'billing','type':'Address'}]}},
                {'name':'lines','type':{'type':'array','items':
                  {'type':'record','name':'Line','fields':[
                    {'name':'article','type':'string'},
                    {'name':'quantity','type':'int'},
                    {'name':'tags','type':{'type':'array','items':'string'}}]}}},
                {'name':'gifts','type':{'type':'map','values':'Line'}},
                {'name':'days','type':['null',{'type':'array','items':'int'}],'default':null}]}
              """
                  .replace('\'', '"'));

  record Address(String street, Optional<String> city) {}

  record Customer(String name, Optional<Address> address, Address billing) {}

  record Line(String article, int quantity, List<String> tags) {}

  record Sale(
      long id, Customer customer, List<Line> lines, Map<String, Line> gifts, Optional<int[]> days) {
    /** Returns the sale as text, because arrays have no value equality. */
    String text() {
      return id + " " + customer + lines + gifts + days.map(Arrays::toString);
    }
  }

  private static Sale sale(long id) {
    Address home = new Address("Way " + id, id % 3 == 0 ? Optional.empty() : city(id));
    return new Sale(
        id,
        new Customer(
            "c" + id,
            id % 2 == 0 ? Optional.of(home) : Optional.empty(),
            new Address("B", city(id))),
        id % 4 == 0
            ? List.of()
            : List.of(new Line("a" + id, (int) id, List.of("x", "y")), new Line("b", 1, List.of())),
        Map.of("first", new Line("gift", 2, List.of("z"))),
        id % 2 == 0 ? Optional.empty() : Optional.of(new int[] {(int) id, 7}));
  }

  private static Optional<String> city(long id) {
    return Optional.of("city " + id % 5);
  }

  private MeshClient sales(long count) {
    MeshClient shop = registerShop();
    shop.defineProduct(SALES).contract(Contract.of(SCHEMA)).openToMesh().commit();
    shop.publish(SALES)
        .records(
            java.util.stream.LongStream.range(0, count).mapToObj(NestedColumnsSuite::sale).toList())
        .commit();
    return shop;
  }

  @Test
  void nestedJavaRecordsAreReadUnchanged() {
    List<Sale> read = all(sales(20).read(SALES).as(Sale.class));

    assertThat(read)
        .extracting(Sale::text)
        .containsExactlyElementsOf(
            java.util.stream.LongStream.range(0, 20).mapToObj(id -> sale(id).text()).toList());
    assertWhole();
  }

  enum Unit {
    PIECE,
    KILO
  }

  record Item(
      String article,
      @Column(precision = 10, scale = 3) BigDecimal quantity,
      Unit unit,
      short shelf,
      List<String> tags) {}

  record Delivery(
      long id,
      Address from,
      Optional<Address> to,
      List<Item> lines,
      List<Optional<Item>> returned,
      Map<String, List<Address>> stops,
      Map<String, Optional<Long>> counts,
      @Column(value = "unit_prices", precision = 8, scale = 2) Map<String, BigDecimal> prices,
      Optional<List<Map<String, Unit>>> units) {}

  @Test
  void aContractOfNestedJavaRecordsAcceptsAndReturnsThem() {
    Address way = new Address("Way", Optional.of("Lund"));
    Address road = new Address("Road", Optional.empty());
    Item bolt = new Item("bolt", new BigDecimal("1.500"), Unit.KILO, (short) -3, List.of("x"));
    Item nut = new Item("nut", new BigDecimal("12.000"), Unit.PIECE, (short) 9, List.of());
    List<Delivery> deliveries =
        List.of(
            new Delivery(
                1,
                way,
                Optional.of(road),
                List.of(bolt, nut),
                List.of(Optional.of(nut), Optional.empty()),
                Map.of("a", List.of(way, road), "b", List.of()),
                Map.of("known", Optional.of(7L), "unknown", Optional.empty()),
                Map.of("bolt", new BigDecimal("0.25")),
                Optional.of(List.of(Map.of("bolt", Unit.KILO), Map.of()))),
            new Delivery(
                2,
                road,
                Optional.empty(),
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Optional.empty()));
    MeshClient shop = registerShop();
    shop.defineProduct(SALES).contract(Contract.of(Delivery.class)).commit();

    shop.publish(SALES).records(deliveries).commit();

    assertThat(all(shop.read(SALES).as(Delivery.class))).isEqualTo(deliveries);
    assertWhole();
  }

  @Test
  void pathsSelectFieldsAndKeepTheNesting() {
    MeshClient shop = sales(3);
    Read<Map<String, Object>> read =
        shop.read(SALES)
            .columns("lines[].quantity", "customer.address.city", "gifts{}.tags", "customer.name")
            .asMaps();

    try (Rows<Map<String, Object>> rows = read.rows()) {
      assertThat(rows.columns()).containsExactly("lines", "customer", "gifts");
    }
    Map<String, Object> gifts = row("first", row("tags", List.of("z")));
    assertThat(all(read))
        .containsExactly(
            row(
                "lines",
                List.of(),
                "customer",
                row("address", row("city", null), "name", "c0"),
                "gifts",
                gifts),
            row(
                "lines",
                List.of(row("quantity", 1), row("quantity", 1)),
                "customer",
                row("address", null, "name", "c1"),
                "gifts",
                gifts),
            row(
                "lines",
                List.of(row("quantity", 2), row("quantity", 1)),
                "customer",
                row("address", row("city", "city 2"), "name", "c2"),
                "gifts",
                gifts));
  }

  @Test
  void avroRowsHaveAValidSchemaOfTheSelectedFields() {
    MeshClient shop = sales(3);

    List<GenericRecord> rows =
        all(shop.read(SALES).columns("customer.address.city", "customer.billing", "lines[].tags"));

    Schema schema = rows.get(0).getSchema();
    assertThat(new Schema.Parser().parse(schema.toString())).isEqualTo(schema);
    GenericRecord customer = (GenericRecord) rows.get(2).get("customer");
    GenericRecord address = (GenericRecord) customer.get("address");
    assertThat(address.getSchema().getFields())
        .extracting(Schema.Field::name)
        .containsExactly("city");
    assertThat(address.get("city")).hasToString("city 2");
    assertThat(((GenericRecord) customer.get("billing")).get("street")).hasToString("B");
    assertThat(all(shop.read(SALES).as(schema))).isEqualTo(rows);
  }

  @Test
  void aRecordWithFewerNestedFieldsReadsThoseOnly() {
    record City(Optional<String> city) {}
    record Buyer(Optional<City> address) {}
    record Count(int quantity) {}
    record Part(List<Count> lines, Map<String, Count> gifts, Buyer customer) {}
    sales(3);
    Subscription<Part> parts =
        registerFinance()
            .subscribe(SALES)
            .name("parts")
            .purpose("Parts")
            .as(Part.class)
            .where("customer.billing.city = 'city 2'")
            .commit();

    assertThat(parts.columns().orElseThrow())
        .containsExactly("lines[].quantity", "gifts{}.quantity", "customer.address.city");
    assertThat(all(parts.read()))
        .containsExactly(
            new Part(
                List.of(new Count(2), new Count(1)),
                Map.of("first", new Count(2)),
                new Buyer(Optional.of(new City(Optional.of("city 2"))))));
  }

  @Test
  void filtersMayUseNestedFieldsThatAreNotSelected() {
    MeshClient shop = sales(12);

    assertThat(
            all(
                shop.read(SALES)
                    .columns("customer.name")
                    .asMaps()
                    .where("customer.address.city = 'city 0' OR customer.billing.city = 'city 1'")))
        .containsExactly(
            row("customer", row("name", "c1")),
            row("customer", row("name", "c6")),
            row("customer", row("name", "c10")),
            row("customer", row("name", "c11")));
    assertThat(
            all(
                shop.read(SALES)
                    .columns("id")
                    .asMaps()
                    .where("customer.address.city IS NULL AND customer.name <> 'c3' AND id < 6")))
        .containsExactly(row("id", 0L), row("id", 1L), row("id", 5L));
  }

  @Test
  void anUnknownPathIsRejectedWithTheKnownOnes() {
    MeshClient shop = sales(1);

    assertUnknown(shop, "customer.adress.city", "Did you mean 'customer.address'?");
    assertUnknown(shop, "lines.quantity", "'lines[]'");
    assertUnknown(shop, "gifts[].quantity", "'gifts{}'");
    assertUnknown(shop, "id.low", "has no fields");
    assertUnknown(shop, "customer..name", "Write a path");
    assertUnknown(shop, "lines[].xyzzyxyzzy", "[article, quantity, tags]");
    assertThatThrownBy(() -> shop.read(SALES).columns("customer", "customer.name"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("one within another");
  }

  private static void assertUnknown(MeshClient shop, String path, String fix) {
    assertThatThrownBy(() -> shop.read(SALES).columns("days", path).rows())
        .as(path)
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> {
              assertThat(refused.errorCode()).isEqualTo(ErrorCode.READER_INVALID);
              assertThat(refused.findings()).hasSize(1);
            })
        .hasMessageContainingAll(path, fix);
  }

  @Test
  void nestedRowsAreReadUnchangedAsMapsAvroAndFiles() throws IOException {
    MeshClient shop = registerShop();
    for (long seed = 0; seed < 12; seed++) {
      RandomRows random = new RandomRows(seed);
      Contract contract = Contract.of(random.schema(1 + (int) seed % 4));
      List<Map<String, Object>> rows = random.rows(contract.schema(), 150);
      String seen = "seed " + seed + " " + contract.schema();
      String maps = "commerce/maps-" + seed;
      String avro = "commerce/avro-" + seed;
      String copies = "commerce/copies-" + seed;
      shop.defineProduct(maps).contract(contract).commit();
      shop.defineProduct(avro).contract(contract).commit();
      shop.defineProduct(copies).contract(contract).commit();

      shop.publish(maps).records(rows).commit();
      assertThat(all(shop.read(maps).asMaps())).as(seen).isEqualTo(rows);
      List<GenericRecord> records = all(shop.read(maps));
      shop.publish(avro).records(records).commit();
      assertThat(all(shop.read(avro).asMaps())).as(seen).isEqualTo(rows);
      assertThat(all(shop.read(avro))).as(seen).isEqualTo(records);
      Path file = copyOfDataFile(maps, "maps-" + seed + ".parquet");
      shop.publish(copies).files(file).commit();
      assertThat(all(shop.read(copies).asMaps())).as(seen).isEqualTo(rows);
    }
    assertWhole();
  }

  @Test
  void selectedPathsEqualThatPartOfTheWholeRow() {
    MeshClient shop = registerShop();
    for (long seed = 100; seed < 112; seed++) {
      RandomRows random = new RandomRows(seed);
      Contract contract = Contract.of(random.schema(4));
      List<Map<String, Object>> rows = random.rows(contract.schema(), 60);
      String product = "commerce/parts-" + seed;
      shop.defineProduct(product).contract(contract).commit();
      shop.publish(product).records(rows).commit();

      for (String path : LeafPaths.of(contract.schema())) {
        List<Map<String, Object>> expected =
            rows.stream().map(row -> LeafPaths.part(row, path)).toList();
        assertThat(all(shop.read(product).columns(path).asMaps()))
            .as("seed %s, path %s of %s", seed, path, contract.schema())
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void mapEntriesKeepTheirOrder() {
    MeshClient shop = registerShop();
    record OrderedPart(Map<String, Integer> values) {}
    Schema schema =
        SchemaBuilder.record("OrderedPart")
            .fields()
            .name("values")
            .type()
            .map()
            .values()
            .intType()
            .noDefault()
            .endRecord();
    shop.defineProduct(SALES).contract(Contract.of(schema)).commit();
    Map<String, Integer> values = new LinkedHashMap<>();
    for (String key : List.of("z", "a", "m", "b")) {
      values.put(key, values.size());
    }

    shop.publish(SALES).records(List.of(new OrderedPart(values))).commit();

    assertThat(all(shop.read(SALES).as(OrderedPart.class)).get(0).values().keySet())
        .containsExactly("z", "a", "m", "b");
  }
}
