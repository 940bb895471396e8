package io.meshwork.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.internal.columnar.OracleFile;
import io.meshwork.internal.columnar.RandomNestedAvro;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same rows as records and as a file of parquet-avro: the same are taken, and read back. */
class FilesLikeRecordsTest {
  private static final int SCHEMAS = 16;

  @TempDir private Path folder;

  @Test
  void aFileIsJudgedAtEveryDepthAsItsRowsAreAsRecords() {
    Set<String> codes = new TreeSet<>();
    long aside = 0;
    try (Mesh mesh = LocalMesh.open(folder.resolve("mesh"))) {
      MeshClient owner = mesh.actingAs(Principal.of("types", "etl"));
      owner.registerDomain("types").ownedBy("types@example.org").commit();
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
        assertThat(aside(owner, "types/files-" + seed))
            .as(what)
            .isEqualTo(aside(owner, "types/records-" + seed));
        records.quality().violations().forEach(finding -> codes.add(finding.code()));
        aside += records.quality().rowsRejected();
      }
    }
    assertThat(aside).isGreaterThan(SCHEMAS);
    assertThat(codes)
        .contains(
            "REQUIRED_NULL",
            "ENUM_MEMBER",
            "STRING_ENCODING",
            "TIME_PRECISION",
            "MAP_KEY_DUPLICATE");
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
    try (Rows<Map<String, Object>> rows = client.read(product).asMaps().read()) {
      return rows.stream().toList();
    }
  }

  /** Number and reason of each quarantined row, which all have their values as JSON. */
  private static List<String> aside(MeshClient client, String product) {
    List<String> reasons = new ArrayList<>();
    try (Rows<Map<String, Object>> rows = client.quarantine(product).asMaps().read()) {
      for (Map<String, Object> row : rows) {
        assertThat((String) row.get("row")).startsWith("{\"f0\":").endsWith("}");
        Set<String> sorted = new TreeSet<>(List.of(((String) row.get("reason")).split("[:,] ")));
        reasons.add(row.get("row_number") + " " + row.get("rules") + " " + sorted);
      }
    }
    return reasons;
  }
}
