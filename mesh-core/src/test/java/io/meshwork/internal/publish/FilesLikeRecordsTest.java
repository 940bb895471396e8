package io.meshwork.internal.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.parquet.read.OracleFile;
import io.meshwork.internal.parquet.read.RandomNestedAvro;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same rows as records and as a file of parquet-avro: the same are accepted and read. */
class FilesLikeRecordsTest {
  private static final int SCHEMAS = 16;

  @TempDir private Path folder;

  @Test
  void filesAndRecordsAreCheckedAlikeAtEveryDepth() {
    Set<FindingCode> codes = new TreeSet<>();
    long aside = 0;
    try (Mesh mesh = LocalMesh.open(folder.resolve("mesh"))) {
      MeshClient owner = mesh.clientAs(Principal.of("types", "etl"));
      owner.registerDomain("types").owner("types@example.org").commit();
      for (int seed = 0; seed < SCHEMAS; seed++) {
        Random random = new Random(7_000 + seed);
        Schema schema = new RandomNestedAvro(random, true).schema(1 + seed % 4);
        OfferedRows maker = new OfferedRows(random);
        Schema offered = maker.wider(schema);
        List<GenericRecord> rows =
            maker.rows(schema, offered, 60 + random.nextInt(200), 20 + random.nextInt(300));
        Path file = folder.resolve(seed + ".parquet");
        OracleFile.write(
            file,
            offered,
            rows,
            to ->
                to.config("parquet.avro.write-old-list-structure", "false")
                    .withDictionaryEncoding(random.nextBoolean()));
        Contract contract =
            Contract.of(schema).onViolation(OnViolation.QUARANTINE).maxQuarantineShare(100);
        owner.defineProduct("types/records-" + seed).contract(contract).commit();
        owner.defineProduct("types/files-" + seed).contract(contract).commit();

        PublishReceipt records = owner.publish("types/records-" + seed).records(rows).commit();
        PublishReceipt files = owner.publish("types/files-" + seed).files(file).commit();

        String what = "seed " + seed + ", contract " + schema;
        assertThat(found(files)).as(what).isEqualTo(found(records));
        assertThat(all(owner, "types/files-" + seed))
            .as(what)
            .isEqualTo(all(owner, "types/records-" + seed))
            .hasSize((int) records.quality().rowsAccepted());
        assertThat(quarantined(owner, "types/files-" + seed))
            .as(what)
            .isEqualTo(quarantined(owner, "types/records-" + seed));
        records.quality().violations().forEach(finding -> codes.add(finding.code()));
        aside += records.quality().rowsQuarantined();
      }
    }
    assertThat(aside).isGreaterThan(SCHEMAS);
    assertThat(codes)
        .contains(
            FindingCode.REQUIRED_NULL,
            FindingCode.ENUM_MEMBER,
            FindingCode.STRING_ENCODING,
            FindingCode.TIME_PRECISION,
            FindingCode.TIMESTAMP_RANGE,
            FindingCode.DECIMAL_PRECISION,
            FindingCode.MAP_KEY_DUPLICATE);
  }

  @Test
  void aNestedNullMakesARowInvalidAndNotTheFile() {
    Schema contract = address("\"string\"");
    Schema offered = address("[\"null\",\"string\"]");
    List<GenericRecord> rows = new ArrayList<>();
    for (String zip : new String[] {"10115", null, "secret"}) {
      GenericRecord inside =
          new GenericRecordBuilder(offered.getField("address").schema()).set("zip", zip).build();
      rows.add(new GenericRecordBuilder(offered).set("address", inside).build());
    }
    Path file = folder.resolve("addresses.parquet");
    OracleFile.write(file, offered, rows, to -> to);
    try (Mesh mesh = LocalMesh.open(folder.resolve("mesh"))) {
      MeshClient owner = mesh.clientAs(Principal.of("types", "etl"));
      owner.registerDomain("types").owner("types@example.org").commit();
      owner.defineProduct("types/strict").contract(Contract.of(contract)).commit();
      owner
          .defineProduct("types/lenient")
          .contract(
              Contract.of(contract).onViolation(OnViolation.QUARANTINE).maxQuarantineShare(100))
          .commit();

      ContractViolationException refused =
          catchThrowableOfType(
              ContractViolationException.class,
              () -> owner.publish("types/strict").files(file).commit());
      PublishReceipt receipt = owner.publish("types/lenient").files(file).commit();

      assertThat(refused.errorCode()).isEqualTo(ErrorCode.CONTRACT_VIOLATED);
      assertThat(refused)
          .hasMessageContainingAll("1 of 3 rows", "address.zip", "Nothing was published")
          .hasMessageNotContaining("secret");
      assertThat(refused.findings())
          .extracting(Finding::code, Finding::where, Finding::count)
          .containsExactly(tuple(FindingCode.REQUIRED_NULL, "address.zip", 1L));
      assertThat(all(owner, "types/strict")).isEmpty();
      assertThat(receipt.quality().rowsAccepted()).isEqualTo(2);
      assertThat(all(owner, "types/lenient"))
          .containsExactly(
              Map.of("address", Map.of("zip", "10115")),
              Map.of("address", Map.of("zip", "secret")));
      try (Rows<Map<String, Object>> aside = owner.quarantine("types/lenient").asMaps().rows()) {
        assertThat(aside.stream().toList())
            .singleElement()
            .satisfies(
                row -> {
                  assertThat(row.get("row_number")).isEqualTo(2L);
                  assertThat((String) row.get("reason")).contains("address.zip: REQUIRED_NULL");
                  assertThat(row.get("row")).isEqualTo("{\"address\":{\"zip\":null}}");
                });
      }
    }
  }

  private static Schema address(String zip) {
    return new Schema.Parser()
        .parse(
            """
            {"type":"record","name":"Row","fields":[
              {"name":"address","type":{"type":"record","name":"Address","fields":[
                {"name":"zip","type":%s}]}}]}
            """
                .formatted(zip));
  }

  private static Set<String> found(PublishReceipt receipt) {
    Set<String> found = new TreeSet<>();
    found.add(receipt.quality().rowsAccepted() + " accepted of " + receipt.quality().rowsOffered());
    receipt
        .quality()
        .violations()
        .forEach(
            finding ->
                found.add(
                    finding.code()
                        + " "
                        + finding.where()
                        + " "
                        + finding.count()
                        + " "
                        + finding.what()));
    return found;
  }

  private static List<Map<String, Object>> all(MeshClient client, String product) {
    try (Rows<Map<String, Object>> rows = client.read(product).asMaps().rows()) {
      return rows.stream().toList();
    }
  }

  /** Number and reason of each quarantined row, which all have their values as JSON. */
  private static List<String> quarantined(MeshClient client, String product) {
    List<String> reasons = new ArrayList<>();
    try (Rows<Map<String, Object>> rows = client.quarantine(product).asMaps().rows()) {
      for (Map<String, Object> row : rows) {
        assertThat((String) row.get("row")).startsWith("{\"f0\":").endsWith("}");
        Set<String> sorted = new TreeSet<>(List.of(((String) row.get("reason")).split("[:,] ")));
        reasons.add(row.get("row_number") + " " + row.get("rules") + " " + sorted);
      }
    }
    return reasons;
  }
}
