package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.local.LocalMesh;
import io.meshwork.odcs.ContractProposal.Evidence;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The green taxi trips of January 2024, whose facts were counted with DuckDB. */
class ParquetProposalTest {
  private static Path file;
  private static ContractProposal proposal;

  @TempDir private Path folder;

  @BeforeAll
  static void read() throws Exception {
    file =
        Path.of(
            Objects.requireNonNull(
                    ParquetProposalTest.class.getResource("/green_tripdata_2024-01.parquet"))
                .toURI());
    proposal = ContractProposal.from(file);
  }

  private static List<String> facts(String column) {
    return proposal.evidence(column).stream().map(Evidence::fact).toList();
  }

  private static List<String> rules() {
    return proposal.contract().rules().stream().map(Rule::toString).toList();
  }

  private static Schema type(String column) {
    return proposal.contract().schema().getField(column).schema();
  }

  @Test
  void nullsAreCountedAndAColumnWithoutAnyIsRequired() {
    assertThat(proposal.rows()).isEqualTo(56_551);
    assertThat(facts("passenger_count")).contains("3,415 nulls in 56,551 rows");
    assertThat(facts("trip_type")).contains("3,418 nulls in 56,551 rows");
    assertThat(facts("ehail_fee"))
        .containsExactly(
            "56,551 nulls in 56,551 rows", "no values: the type in the file, otherwise text");
    assertThat(facts("fare_amount")).contains("0 nulls in 56,551 rows");
    assertThat(
            proposal.contract().schema().getFields().stream()
                .filter(field -> field.schema().isNullable())
                .map(Schema.Field::name))
        .containsExactly(
            "store_and_fwd_flag",
            "RatecodeID",
            "passenger_count",
            "ehail_fee",
            "payment_type",
            "trip_type",
            "congestion_surcharge");
  }

  @Test
  void typesAreThoseOfTheFile() {
    assertThat(type("VendorID").getType()).isEqualTo(Schema.Type.INT);
    assertThat(type("lpep_pickup_datetime").getLogicalType().getName())
        .isEqualTo("local-timestamp-micros");
    assertThat(type("RatecodeID").getTypes().get(1).getType()).isEqualTo(Schema.Type.DOUBLE);
  }

  @Test
  void fewTextsAreASetAndNumbersHaveNoRule() {
    assertThat(facts("RatecodeID")).contains("6 distinct values", "1, 2, 3, 4, 5, 99");
    assertThat(facts("fare_amount")).contains("-70 to 1422.6");
    assertThat(facts("lpep_pickup_datetime"))
        .contains("2023-12-31T14:38:47 to 2024-01-31T23:57:29");
    assertThat(rules()).containsExactly("inSet(store_and_fwd_flag, 'N', 'Y')");
    assertThat(proposal.contract().rules()).allMatch(rule -> rule.severity() == Rule.Severity.WARN);
  }

  @Test
  void noThreeColumnsIdentifyATrip() {
    assertThat(facts("")).containsExactly("no key of up to 3 columns without nulls");
    assertThat(rules()).noneMatch(rule -> rule.startsWith("unique"));
  }

  @Test
  void theJavaCompilesAndItsContractAcceptsTheVeryFile() throws Exception {
    Contract contract = CompiledProposal.contract(proposal, folder);

    assertThat(contract).isEqualTo(proposal.contract());
    assertThat(proposal.asJava())
        .contains(
            "public record GreenTripdata(",
            " * @param RatecodeID 3,415 nulls in 56,551 rows; 6 distinct values;"
                + " values 1, 2, 3, 4, 5, 99\n",
            " Double RatecodeID,",
            "inSet(\"store_and_fwd_flag\", \"N\", \"Y\").warn()");
    try (Mesh mesh = LocalMesh.open(folder.resolve("mesh"))) {
      MeshClient mobility = mesh.clientAs(Principal.of("mobility", "etl"));
      mobility.registerDomain("mobility").owner("trips@example.org").commit();
      mobility.defineProduct("mobility/trips").contract(contract).commit();
      PublishReceipt receipt = mobility.publish("mobility/trips").files(file).commit();
      assertThat(receipt.rowsAccepted()).isEqualTo(56_551);
      assertThat(receipt.quality().qualityScore()).hasValue(100);
    }
  }

  /** An empty day in one row group, whose columns have a dictionary and no page. */
  @Test
  void aFileWithoutRowsHasItsColumns() throws Exception {
    Path empty =
        Path.of(
            Objects.requireNonNull(ParquetProposalTest.class.getResource("/no-rows.parquet"))
                .toURI());

    ContractProposal none = ContractProposal.from(empty);

    assertThat(none.rows()).isZero();
    assertThat(none.contract().schema().getFields())
        .extracting(Schema.Field::name)
        .containsExactly("id", "note");
  }

  @Test
  void itsOwnDescriptionShowsNoValue() {
    assertThat(proposal)
        .hasToString(
            "ContractProposal of green_tripdata_2024-01.parquet: 20 columns and 1 rules from 56551"
                + " rows");
    assertThat(proposal.evidence("RatecodeID")).asString().doesNotContain("99");
  }
}
