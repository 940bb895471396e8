package io.meshwork.internal.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.parquet.read.OracleFile;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nested columns that only a file has, or only the contract. */
class FileColumnsTest {
  private static final Schema PLACE =
      parse(
          """
          {'type':'record','name':'Place','fields':[
            {'name':'zip','type':'string'},
            {'name':'country','type':'string','default':'DE'},
            {'name':'marks','type':{'type':'array','items':'int'},'default':[7,8]},
            {'name':'note','type':['null','string'],'default':null}]}
          """);

  @TempDir private Path folder;
  private Mesh mesh;
  private MeshClient owner;

  @BeforeEach
  void open() {
    mesh = LocalMesh.open(folder.resolve("mesh"));
    owner = mesh.clientAs(Principal.of("types", "etl"));
    owner.registerDomain("types").owner("types@example.org").commit();
    owner
        .defineProduct("types/places")
        .contract(
            Contract.of(around(PLACE)).onViolation(OnViolation.QUARANTINE).maxQuarantineShare(100))
        .commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  private static Schema parse(String json) {
    return new Schema.Parser().parse(json.replace('\'', '"'));
  }

  /** A record, a list and a map of places. */
  private static Schema around(Schema place) {
    return parse(
        """
        {'type':'record','name':'Row','fields':[
          {'name':'one','type':['null',%s]},
          {'name':'many','type':{'type':'array','items':['null','Place']}},
          {'name':'named','type':{'type':'map','values':{'type':'array','items':'Place'}}}]}
        """
            .formatted(place));
  }

  private Path file(Schema place, Object... values) {
    Schema schema = around(place);
    GenericRecord full = new GenericData.Record(schema);
    GenericRecord inside =
        new GenericData.Record(schema.getField("one").schema().getTypes().get(1));
    for (int i = 0; i < values.length; i++) {
      inside.put(i, values[i]);
    }
    full.put("one", inside);
    full.put("many", Arrays.asList(inside, null));
    full.put("named", Map.of("k", List.of(inside, inside)));
    GenericRecord empty = new GenericData.Record(schema);
    empty.put("many", Arrays.asList((Object) null));
    empty.put("named", Map.of("k", List.of()));
    Path file = folder.resolve("places.parquet");
    OracleFile.write(
        file,
        schema,
        List.of(full, empty, full),
        to -> to.config("parquet.avro.write-old-list-structure", "false"));
    return file;
  }

  private List<Map<String, Object>> all() {
    try (Rows<Map<String, Object>> rows = owner.read("types/places").asMaps().rows()) {
      return rows.stream().toList();
    }
  }

  @Test
  void aMissingNestedColumnIsNullOrTheContractsDefault() {
    Path file =
        file(
            parse("{'type':'record','name':'Place','fields':[{'name':'zip','type':'string'}]}"),
            "10115");

    owner.publish("types/places").files(file).commit();

    Map<String, Object> place = new HashMap<>();
    place.put("zip", "10115");
    place.put("country", "DE");
    place.put("marks", List.of(7, 8));
    place.put("note", null);
    Map<String, Object> full = new LinkedHashMap<>();
    full.put("one", place);
    full.put("many", Arrays.asList(place, null));
    full.put("named", Map.of("k", List.of(place, place)));
    Map<String, Object> empty = new LinkedHashMap<>();
    empty.put("one", null);
    empty.put("many", Arrays.asList((Object) null));
    empty.put("named", Map.of("k", List.of()));
    assertThat(all()).containsExactly(full, empty, full);
  }

  @Test
  void aMissingNestedColumnWithoutDefaultRejectsTheFile() {
    Path file =
        file(
            parse("{'type':'record','name':'Place','fields':[{'name':'country','type':'string'}]}"),
            "FR");

    assertThatThrownBy(() -> owner.publish("types/places").files(file).commit())
        .isInstanceOfSatisfying(
            ContractViolationException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
        .hasMessageContainingAll("places.parquet", "'one.zip'", "Nothing was published");
  }

  @Test
  void anUndeclaredNestedColumnRejectsTheFileUnlessItIsIgnored() {
    Path file =
        file(
            parse(
                """
                {'type':'record','name':'Place','fields':[
                  {'name':'secret','type':{'type':'record','name':'S','fields':[
                    {'name':'a','type':'int'}]}},
                  {'name':'zip','type':'string'}]}
                """),
            new GenericRecordBuilder(
                    parse("{'type':'record','name':'S','fields':[{'name':'a','type':'int'}]}"))
                .set("a", 1)
                .build(),
            "10115");

    assertThatThrownBy(() -> owner.publish("types/places").files(file).commit())
        .isInstanceOfSatisfying(
            ContractViolationException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
        .hasMessageContainingAll(
            "one.secret", "many[].secret", "named{}[].secret", "ignoreUnknownColumns()");
    owner.publish("types/places").files(file).ignoreUnknownColumns().commit();
    assertThat(all()).hasSize(3);
    assertThat(all().get(0).toString()).doesNotContain("secret").contains("10115");
  }

  @Test
  void aFileWithNoneOfTheColumnsIsRejectedEvenIfUnknownColumnsAreIgnored() {
    Schema other = parse("{'type':'record','name':'R','fields':[{'name':'x','type':'int'}]}");
    GenericRecord row = new GenericData.Record(other);
    row.put(0, 1);
    Path file = folder.resolve("other.parquet");
    OracleFile.write(file, other, List.of(row), to -> to);
    owner
        .defineProduct("types/optional")
        .contract(
            Contract.of(
                parse(
                    "{'type':'record','name':'R','fields':[{'name':'y','type':['null','int']}]}")))
        .commit();

    assertThatThrownBy(
            () -> owner.publish("types/optional").files(file).ignoreUnknownColumns().commit())
        .isInstanceOfSatisfying(
            ContractViolationException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
        .hasMessageContaining("none of the contract's columns");
  }

  @Test
  void fixedLengthValuesArePublishedToABytesColumn() {
    Schema fixed = parse("{'type':'fixed','name':'Two','size':2}");
    Schema schema =
        Schema.createRecord(
            "R",
            null,
            null,
            false,
            List.of(
                new Schema.Field("one", fixed),
                new Schema.Field("many", Schema.createArray(fixed))));
    GenericData.Fixed two = new GenericData.Fixed(fixed, new byte[] {1, -1});
    GenericRecord row =
        new GenericRecordBuilder(schema).set("one", two).set("many", List.of(two, two)).build();
    Path file = folder.resolve("fixed.parquet");
    OracleFile.write(file, schema, List.of(row), to -> to);
    owner
        .defineProduct("types/bytes")
        .contract(
            Contract.of(
                parse(
                    """
                    {'type':'record','name':'R','fields':[{'name':'one','type':'bytes'},
                      {'name':'many','type':{'type':'array','items':'bytes'}}]}
                    """)))
        .commit();

    owner.publish("types/bytes").records(List.of(row)).commit();
    owner.publish("types/bytes").files(file).commit();

    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, -1});
    Map<String, Object> read = Map.of("one", bytes, "many", List.of(bytes, bytes));
    try (Rows<Map<String, Object>> rows = owner.read("types/bytes").asMaps().rows()) {
      assertThat(rows.stream().toList()).containsExactly(read, read);
    }
  }
}
