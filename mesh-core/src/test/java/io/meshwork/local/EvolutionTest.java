package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.change.ContractPlan;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every minor of the golden vectors: a table with history takes it in place, and old and new
 * readers read old and new rows right, through our reader and through Iceberg's.
 */
class EvolutionTest {
  private static final String PRODUCT = "mesh/rows";
  private static final int ROWS = 40;

  /** Majors that only consumers mind and that a table of format 2 takes in place. */
  private static final Set<String> CARRIED =
      Set.of(
          "cv-017", "cv-018", "cv-019", "cv-020", "cv-022", "cv-023", "cv-025", "cv-026", "cv-035",
          "cv-038", "cv-040", "cv-041", "cv-049", "cv-066", "cv-069", "cv-070", "cv-079", "cv-083",
          "cv-090", "cv-092", "cv-093");

  @TempDir private Path folder;

  /** A pair of contracts on a table of one format. */
  record Vector(String id, Schema before, Schema after, String reason, String inPlace, int format) {
    boolean isCarried() {
      return format == 3 || !inPlace.equals("yes-v3");
    }

    @Override
    public String toString() {
      return id + " on format " + format;
    }
  }

  static Stream<Vector> minors() throws IOException {
    try (InputStream file =
        EvolutionTest.class.getResourceAsStream("/contracts/compat-vectors.json")) {
      JsonNode vectors = new ObjectMapper().readTree(file).path("vectors");
      return StreamSupport.stream(vectors.spliterator(), false)
          .filter(vector -> vector.path("verdict").asText().equals("minor"))
          .flatMap(vector -> Stream.of(of(vector, 2), of(vector, 3)));
    }
  }

  static Stream<Vector> majors() throws IOException {
    try (InputStream file =
        EvolutionTest.class.getResourceAsStream("/contracts/compat-vectors.json")) {
      JsonNode vectors = new ObjectMapper().readTree(file).path("vectors");
      return StreamSupport.stream(vectors.spliterator(), false)
          .filter(vector -> vector.path("verdict").asText().equals("major"))
          .filter(vector -> !vector.path("old").toString().contains("-nanos"))
          .map(vector -> of(vector, 2));
    }
  }

  private static Vector of(JsonNode vector, int format) {
    return new Vector(
        vector.path("id").asText(),
        schema(vector.path("old")),
        schema(vector.path("new")),
        vector.path("reasonCode").asText(),
        vector.path("icebergInPlace").asText(),
        format);
  }

  private static Schema schema(JsonNode json) {
    return new Schema.Parser().parse(json.toString());
  }

  @ParameterizedTest
  @MethodSource("minors")
  void oldAndNewReadersReadOldAndNewRows(Vector vector) throws IOException {
    EvolvingRows random = new EvolvingRows(vector.id().hashCode());
    List<GenericRecord> old = random.of(vector.before(), ROWS);
    List<GenericRecord> fresh = random.of(vector.after(), ROWS);
    try (Mesh mesh = LocalMesh.open(folder.resolve("mesh"))) {
      MeshClient owner = mesh.clientAs(Principal.of("mesh", "etl"));
      owner.registerDomain("mesh").owner("mesh@example.org").commit();
      owner
          .defineProduct(PRODUCT)
          .contract(Contract.of(vector.before()))
          .tableFormat(vector.format())
          .commit();
      String history = owner.publish(PRODUCT).records(old).commit().snapshotId().orElseThrow();
      Subscription<GenericRecord> subscription =
          owner
              .subscribe(PRODUCT)
              .name("old")
              .purpose("reads as ever")
              .as(vector.before())
              .commit();
      ContractPlan plan = owner.amendContract(PRODUCT, Contract.of(vector.after())).plan();
      assertThat(plan.difference().orElseThrow().verdict()).isEqualTo(Verdict.MINOR);
      assertThat(plan.difference().orElseThrow().reasonCode()).hasToString(vector.reason());
      if (!vector.isCarried()) {
        assertNeedsFormat3(owner, plan);
        return;
      }
      assertThat(plan.isAllowed()).as("%s", plan).isTrue();

      assertThat(plan.commit().versions().get(0).version()).hasToString("1.1.0");
      owner.publish(PRODUCT).records(fresh).commit();

      for (boolean compacted : new boolean[] {false, true}) {
        if (compacted) {
          mesh.maintain().compactAtLeast(2).commit();
        }
        String as = vector + (compacted ? ", compacted" : "");
        List<GenericRecord> all =
            new ArrayList<>(EvolvingRows.resolved(old, vector.before(), vector.after()));
        all.addAll(fresh);
        assertThat(EvolvingRows.texts(rows(owner.read(PRODUCT))))
            .as("new readers of %s", as)
            .isEqualTo(EvolvingRows.texts(all));
        List<GenericRecord> seen = new ArrayList<>(old);
        seen.addAll(EvolvingRows.resolved(fresh, vector.after(), vector.before()));
        assertThat(EvolvingRows.texts(rows(owner.read(PRODUCT).as(vector.before()))))
            .as("old readers of %s", as)
            .isEqualTo(EvolvingRows.texts(seen));
        assertThat(EvolvingRows.texts(rows(subscription.read())))
            .as("the old subscription to %s", as)
            .isEqualTo(EvolvingRows.texts(seen));
        assertThat(EvolvingRows.texts(rows(owner.read(PRODUCT).snapshot(history))))
            .as("history of %s", as)
            .isEqualTo(
                EvolvingRows.texts(EvolvingRows.resolved(old, vector.before(), vector.after())));
        assertEnginesRead(vector, old, fresh, as);
      }
      assertThat(mesh.doctor().isHealthy()).isTrue();
    }
  }

  /** Without subscriptions: drops, renames, wider types and new nulls, in place or not at all. */
  @ParameterizedTest
  @MethodSource("majors")
  void whatOnlyConsumersMindIsCarriedUnderBackwardAndReadByNewReaders(Vector vector)
      throws IOException {
    EvolvingRows random = new EvolvingRows(vector.id().hashCode());
    try (Mesh mesh = LocalMesh.open(folder.resolve("mesh"))) {
      MeshClient owner = mesh.clientAs(Principal.of("mesh", "etl"));
      owner.registerDomain("mesh").owner("mesh@example.org").commit();
      Contract before = Contract.of(vector.before()).compatibility(Compatibility.BACKWARD);
      owner.defineProduct(PRODUCT).contract(before).commit();
      List<GenericRecord> old = random.of(vector.before(), ROWS);
      owner.publish(PRODUCT).records(old).commit();
      Contract after = Contract.of(vector.after()).compatibility(Compatibility.BACKWARD);
      ContractPlan plan = owner.amendContract(PRODUCT, after).plan();
      assertThat(plan.difference().orElseThrow().verdict()).isEqualTo(Verdict.MAJOR);
      assertThat(plan.isAllowed()).as("%s", plan).isEqualTo(CARRIED.contains(vector.id()));
      if (!plan.isAllowed()) {
        assertThat(plan.steps()).isEmpty();
        assertThatThrownBy(plan::commit).isInstanceOf(InvalidRequestException.class);
        return;
      }
      plan.commit();
      List<GenericRecord> fresh = random.of(vector.after(), ROWS);
      owner.publish(PRODUCT).records(fresh).commit();
      List<GenericRecord> all =
          new ArrayList<>(EvolvingRows.resolved(old, vector.before(), vector.after()));
      all.addAll(fresh);
      for (boolean compacted : new boolean[] {false, true}) {
        if (compacted) {
          mesh.maintain().compactAtLeast(2).commit();
        }
        assertThat(EvolvingRows.texts(rows(owner.read(PRODUCT))))
            .as("new readers of %s, compacted: %s", vector, compacted)
            .isEqualTo(EvolvingRows.texts(all));
        if (!plan.toString().contains("rename column")) {
          assertEnginesRead(vector, old, fresh);
        }
      }
      assertThat(mesh.doctor().isHealthy()).isTrue();
    }
  }

  private void assertEnginesRead(Vector vector, List<GenericRecord> old, List<GenericRecord> fresh)
      throws IOException {
    List<GenericRecord> all = new ArrayList<>(old);
    all.addAll(fresh);
    try (PublishedTable published = published();
        CloseableIterable<Record> rows = IcebergGenerics.read(published.table()).build()) {
      assertThat(EvolvingRows.textsOf(rows))
          .as("engines of %s", vector)
          .isEqualTo(EvolvingRows.textsInTable(all, vector.after()));
    }
  }

  private PublishedTable published() {
    return new PublishedTable(folder.resolve("mesh"), PRODUCT);
  }

  private static void assertNeedsFormat3(MeshClient owner, ContractPlan plan) {
    assertThat(plan.verdict()).isEqualTo(Verdict.REFUSED);
    assertThat(plan.steps()).isEmpty();
    assertThat(plan.toString()).contains("FORMAT_V3_REQUIRED");
    assertThatThrownBy(plan::commit)
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> {
              assertThat(refused.errorCode()).isEqualTo(ErrorCode.CHANGE_INCOMPATIBLE);
              assertThat(refused.findings())
                  .extracting(Finding::code)
                  .containsOnly(FindingCode.FORMAT_V3_REQUIRED);
            })
        .hasMessageContainingAll("format version 3", "default null", "Nothing was changed");
    assertThat(owner.describe(PRODUCT).versions().get(0).version()).hasToString("1.0.0");
  }

  /** Iceberg's generic reader, by the table's present columns and by those it had at first. */
  private void assertEnginesRead(
      Vector vector, List<GenericRecord> old, List<GenericRecord> fresh, String as)
      throws IOException {
    try (PublishedTable published = published()) {
      Table table = published.table();
      List<GenericRecord> all = new ArrayList<>(old);
      all.addAll(fresh);
      try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
        assertThat(EvolvingRows.textsOf(rows))
            .as("engines of %s", as)
            .isEqualTo(EvolvingRows.textsInTable(all, vector.after()));
      }
      try (CloseableIterable<Record> rows =
          IcebergGenerics.read(table).project(table.schemas().get(0)).build()) {
        assertThat(EvolvingRows.textsOf(rows))
            .as("engines that read the first columns of %s", as)
            .isEqualTo(EvolvingRows.textsInTable(all, vector.before()));
      }
    }
  }

  private static List<GenericRecord> rows(Read<GenericRecord> read) {
    List<GenericRecord> all = new ArrayList<>();
    try (Rows<GenericRecord> rows = read.rows()) {
      rows.forEach(all::add);
    }
    return all;
  }
}
