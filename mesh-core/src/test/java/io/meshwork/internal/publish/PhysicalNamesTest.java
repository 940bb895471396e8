package io.meshwork.internal.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish.FileFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose columns have other names than those of the contract, which states both. */
class PhysicalNamesTest {
  private static final String ORDERS = "shop/orders";

  record Address(@Column(physicalName = "zip code") String zip) {}

  record OrderWithPhysicalNames(
      @Column(value = "order_id", physicalName = "Order ID") long id,
      @Column(physicalName = "ADDR") Optional<Address> address,
      Optional<String> note) {}

  @TempDir private Path folder;
  private Mesh mesh;
  private MeshClient owner;

  @BeforeEach
  void open() {
    mesh = LocalMesh.open(folder.resolve("mesh"));
    owner = mesh.clientAs(Principal.of("shop", "etl"));
    owner.registerDomain("shop").owner("shop@example.org").commit();
    owner
        .defineProduct(ORDERS)
        .contract(
            Contract.of(OrderWithPhysicalNames.class)
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(100))
        .commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private List<Map<String, Object>> rows(String product) {
    try (Rows<Map<String, Object>> rows = owner.read(product).asMaps().rows()) {
      return rows.stream().toList();
    }
  }

  private void assertOneOrder() {
    assertThat(rows(ORDERS))
        .singleElement()
        .isEqualTo(Map.of("order_id", 1L, "address", Map.of("zip", "10115"), "note", "x"));
  }

  @Test
  void theHeaderOfACsvFileHasEitherName() throws IOException {
    Path file = file("a.csv", "note,Order ID,ADDR\nx,1,\"{\"\"zip code\"\": \"\"10115\"\"}\"\n");
    owner.publish(ORDERS).files(file).commit();

    assertOneOrder();
    owner.publish(ORDERS).files(file("b.csv", "order_id,note\n2,\n")).commit();
    owner
        .publish(ORDERS)
        .files(FileFormat.csv().columns("Order ID", "note"), file("c.csv", "3,y\n"))
        .commit();
    assertThat(rows(ORDERS)).extracting(row -> row.get("order_id")).containsExactly(1L, 2L, 3L);
    assertThatThrownBy(
            () -> owner.publish(ORDERS).files(file("d.csv", "order_id,Order ID\n1,2\n")).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("'order_id' ('Order ID' in files)");
    assertThatThrownBy(() -> owner.publish(ORDERS).files(file("e.csv", "note\nx\n")).commit())
        .hasMessageContaining("no column 'order_id' ('Order ID' in files)");
  }

  @Test
  void theMembersOfJsonLinesHaveEitherName() throws IOException {
    owner
        .publish(ORDERS)
        .files(
            file(
                "a.jsonl",
                """
                {"Order ID": 1, "ADDR": {"zip code": "10115"}, "note": "x"}
                {"Order ID": 1, "order_id": 2}
                {"Order ID": 3, "ADDR": {"zip code": "1", "zip": "2"}}
                """))
        .commit();

    assertOneOrder();
    try (var bad = owner.quarantine(ORDERS).asMaps().rows()) {
      assertThat(bad.stream().map(row -> row.get("rules")))
          .containsExactly("type:malformed-line", "type:malformed-line");
    }
  }

  @Test
  void theFieldsOfAnAvroFileHaveEitherName() throws IOException {
    Schema place = SchemaBuilder.record("Place").fields().requiredString("plz").endRecord();
    Schema written =
        SchemaBuilder.record("Row")
            .fields()
            .requiredLong("no")
            .name("place")
            .type()
            .unionOf()
            .nullType()
            .and()
            .type(place)
            .endUnion()
            .nullDefault()
            .requiredString("extra")
            .endRecord();
    record Zip(@Column(physicalName = "plz") String zip) {}
    record Row(
        @Column(physicalName = "no") long id, @Column(physicalName = "place") Optional<Zip> at) {}
    owner.defineProduct("shop/avro").contract(Contract.of(Row.class)).commit();
    Path file = folder.resolve("a.avro");
    try (DataFileWriter<GenericRecord> out =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(written))) {
      out.create(written, file.toFile());
      out.append(
          new GenericRecordBuilder(written)
              .set("no", 1L)
              .set("place", new GenericRecordBuilder(place).set("plz", "10115").build())
              .set("extra", "x")
              .build());
    }

    assertThatThrownBy(() -> owner.publish("shop/avro").files(file).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("extra");
    owner.publish("shop/avro").files(file).ignoreUnknownColumns().commit();

    assertThat(rows("shop/avro")).containsExactly(Map.of("id", 1L, "at", Map.of("zip", "10115")));
  }

  @Test
  void theColumnsOfAParquetFileHaveEitherName() throws SQLException {
    Path file = folder.resolve("a.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "copy (select 1::bigint as \"Order ID\", {'zip code': '10115'} as \"ADDR\", 'x' as note) to '"
              + file
              + "'");
      statement.execute(
          "copy (select 1::bigint as \"Order ID\", 2::bigint as order_id) to '"
              + folder.resolve("both.parquet")
              + "'");
      statement.execute("copy (select 'x' as note) to '" + folder.resolve("none.parquet") + "'");
    }
    owner.publish(ORDERS).files(file).commit();

    assertOneOrder();
    assertThatThrownBy(() -> owner.publish(ORDERS).files(folder.resolve("both.parquet")).commit())
        .hasMessageContaining("Order ID");
    assertThatThrownBy(() -> owner.publish(ORDERS).files(folder.resolve("none.parquet")).commit())
        .hasMessageContaining("no column 'order_id' ('Order ID' in files)");
  }

  private void assertRepeated(Path file, String... names) {
    for (boolean ignoring : List.of(false, true)) {
      var publish = owner.publish(ORDERS).files(file);
      assertThatThrownBy(ignoring ? publish.ignoreUnknownColumns()::commit : publish::commit)
          .isInstanceOf(ContractViolationException.class)
          .hasMessageContainingAll(names)
          .hasMessageContaining("are the same column of the contract");
    }
  }

  @Test
  void aParquetFileWithBothNamesOfAColumnIsRejectedAtAnyDepth() throws SQLException {
    Path both = folder.resolve("both.parquet");
    Path nested = folder.resolve("nested.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "copy (select 1::bigint as order_id, 2::bigint as \"Order ID\") to '" + both + "'");
      statement.execute(
          "copy (select 1::bigint as order_id, {'zip': '1', 'zip code': '2'} as address) to '"
              + nested
              + "'");
    }

    assertRepeated(both, "'order_id'", "'Order ID'");
    assertRepeated(nested, "'address.zip'", "'address.zip code'");
    assertThat(rows(ORDERS)).isEmpty();
  }

  @Test
  void anAvroFileWithBothNamesOfAColumnIsRejectedAtAnyDepth() throws IOException {
    record Zip(@Column(physicalName = "plz") String zip) {}
    record Row(@Column(physicalName = "no") long id, Optional<Zip> at) {}
    owner.defineProduct("shop/twice").contract(Contract.of(Row.class)).commit();
    Schema place =
        SchemaBuilder.record("Place")
            .fields()
            .requiredString("zip")
            .requiredString("plz")
            .endRecord();
    Schema nested =
        SchemaBuilder.record("Row")
            .fields()
            .requiredLong("no")
            .name("at")
            .type(place)
            .noDefault()
            .endRecord();
    Schema both =
        SchemaBuilder.record("Row").fields().requiredLong("no").requiredLong("id").endRecord();
    GenericRecord inside = new GenericRecordBuilder(place).set("zip", "1").set("plz", "2").build();
    Map<Path, GenericRecord> files =
        Map.of(
            folder.resolve("nested.avro"),
            new GenericRecordBuilder(nested).set("no", 1L).set("at", inside).build(),
            folder.resolve("both.avro"),
            new GenericRecordBuilder(both).set("no", 1L).set("id", 2L).build());
    for (Map.Entry<Path, GenericRecord> file : files.entrySet()) {
      Schema written = file.getValue().getSchema();
      try (DataFileWriter<GenericRecord> out =
          new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(written))) {
        out.create(written, file.getKey().toFile());
        out.append(file.getValue());
      }
      for (boolean ignoring : List.of(false, true)) {
        var publish = owner.publish("shop/twice").files(file.getKey());
        assertThatThrownBy(ignoring ? publish.ignoreUnknownColumns()::commit : publish::commit)
            .isInstanceOf(ContractViolationException.class)
            .hasMessageContaining("are the same column of the contract");
      }
    }
  }

  @Test
  void theHeaderOfACsvFileIsComparedWithoutTheSpacesAroundIt() throws IOException {
    record RowWithSpacesInNames(
        @Column(physicalName = "Order ID ") long id, @Column(physicalName = " note") String text) {}
    owner.defineProduct("shop/spaced").contract(Contract.of(RowWithSpacesInNames.class)).commit();
    for (String header : List.of("Order ID , note", "Order ID,note", " Order ID, text ")) {
      owner
          .publish("shop/spaced")
          .files(file(header.hashCode() + ".csv", header + "\n1,x\n"))
          .commit();
    }
    assertThat(rows("shop/spaced")).hasSize(3).containsOnly(Map.of("id", 1L, "text", "x"));
  }

  @Test
  void aContractOfAParquetFileKeepsNamesThatNoColumnHas() throws SQLException {
    Path file = folder.resolve("names.parquet");
    Path clash = folder.resolve("clash.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "copy (select 1::bigint as \"Order ID\", 'x' as \"a.b\", [{'x-y': 1}] as items) to '"
              + file
              + "'");
      statement.execute("copy (select 1 as \"a b\", 2 as \"a.b\") to '" + clash + "'");
    }
    Contract contract = Contract.fromParquet(file);
    owner.defineProduct("shop/names").contract(contract).commit();
    owner.publish("shop/names").files(file).commit();

    assertThat(contract.schema().getFields())
        .extracting(Schema.Field::name)
        .containsExactly("Order_ID", "a_b", "items");
    assertThat(rows("shop/names"))
        .containsExactly(Map.of("Order_ID", 1L, "a_b", "x", "items", List.of(Map.of("x_y", 1))));
    assertThatThrownBy(() -> Contract.fromParquet(clash))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("'a_b'", "'a.b'");
  }

  @Test
  void twoColumnsCannotHaveOneNameInFiles() {
    record Same(@Column(physicalName = "x") String a, @Column(physicalName = "x") String b) {}
    record Other(@Column(physicalName = "b") String a, String b) {}
    for (Class<?> type : List.of(Same.class, Other.class)) {
      assertThatThrownBy(() -> Contract.of(type))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("have the same name in files");
    }
    assertThatThrownBy(
            () ->
                Contract.of(
                    new Schema.Parser()
                        .parse(
                            """
                            {"type":"record","name":"R","fields":[
                            {"name":"a","type":{"type":"string","meshwork.physicalName":"x"}}]}
                            """)))
        .hasMessageContaining(
            "'meshwork.physicalName' must be a string that is not blank, beside the name of a field");
  }
}
