package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.odcs.OdcsReport.Outcome;
import io.meshwork.odcs.internal.document.InexpressibleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options are reported by what they do, and physical types mean what their database says. */
class OptionEffectTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "logicalType: integer, logicalTypeOptions: {multipleOf: 5}",
        "logicalType: integer, logicalTypeOptions: {format: u8}",
        "logicalType: string, logicalTypeOptions: {minLength: 1, format: email}",
        "logicalType: string, logicalTypeOptions: {minLength: 1, pattern: '^(?!x)[a-z]+$'}",
      })
  void anOptionThatNothingEnsuresIsNotExecuted(String property) {
    assertThat(read("", property).report().elements(Outcome.NOT_EXECUTED)).hasSize(1);
  }

  @Test
  void anOptionThatCannotBeReadDropsNoOther() {
    String options = "{minimum: '2024-01-01', maximum: '31.12.2026'}";
    OdcsDocument document = read("", "logicalType: date, logicalTypeOptions: " + options);

    assertThat(document.contract().rules().toString()).contains("2024-01-01");
    assertThat(document.report().elements(Outcome.NOT_EXECUTED).toString()).contains("maximum");
  }

  @Test
  void anExpressionMeansTheSameInRe2() throws InexpressibleException {
    assertThat(EcmaPattern.toRe2("^a.\\u0041[[b]\\/$"))
        .isEqualTo("^a[^\\n\\r\\x{2028}\\x{2029}]\\x{0041}[\\[b]\\/$");
  }

  @ParameterizedTest
  @CsvSource({
    "bigquery, number, FLOAT, double",
    "postgresql, number, FLOAT, double",
    "databricks, number, FLOAT, float",
    "bigquery, integer, INTEGER, long",
    "postgresql, integer, INTEGER, int",
    "bigquery, timestamp, TIMESTAMP, \"timestamp-micros\"",
    "postgresql, timestamp, TIMESTAMP, local-timestamp-micros",
    "s3, number, FLOAT(53), double",
    "snowflake, number, FLOAT4, double",
    "postgresql, number, FLOAT4, float",
    "postgresql, timestamp, TIMESTAMP(3) WITHOUT TIME ZONE, local-timestamp-micros",
    "postgresql, timestamp, TIMESTAMP(3) WITH TIME ZONE, \"timestamp-micros\"",
    "s3, timestamp, TIMESTAMP(6) WITH LOCAL TIME ZONE, \"timestamp-micros\"",
    "mysql, number, 'DECIMAL(10,2) UNSIGNED', decimal",
    "'', integer, INTEGER, long",
    "'', number, FLOAT, double",
    "'', number, FLOAT(53), double",
    "'', number, REAL, double",
    "'', number, NUMERIC, decimal",
    "'', number, money, decimal",
    "postgresql, number, REAL, float",
    "postgresql, integer, INTEGER, int",
    "exasol, integer, INTEGER, long",
    "teradata, number, REAL, double",
    "hana, number, FLOAT, double",
  })
  void aPhysicalTypeMeansWhatItsDatabaseSays(
      String server, String logical, String physical, String avro) {
    OdcsDocument document =
        read(server, "logicalType: " + logical + ", physicalType: '" + physical + "'");

    assertThat(document.contract().schema().toString())
        .contains("\"" + avro.replace("\"", "") + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "snowflake, integer, BIGINT",
    "snowflake, timestamp, TIMESTAMP_NTZ(9)",
    "s3, time, TIME(9)",
    "oracle, date, DATE",
    "s3, number, 'NUMBER(38,-2)'",
    "s3, number, DECFLOAT",
    "postgresql, number, NUMERIC",
  })
  void aPhysicalTypeThatHoldsMoreThanItsColumnIsReported(
      String server, String logical, String physical, @TempDir Path folder) throws IOException {
    String property = "logicalType: " + logical + ", physicalType: '" + physical + "'";

    assertThat(read(server, property).report().elements(Outcome.MAPPED))
        .anyMatch(each -> each.path().endsWith("physicalType"));
    Path file = Files.writeString(folder.resolve("contract.yaml"), text(server, property));
    assertThatThrownBy(() -> OdcsDocument.readStrictly(file))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("physicalType");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "logicalType: string, physicalType: varchar(3); at most 3 characters",
        "physicalType: 'CHAR( 3 )'; at most 3 characters",
        "logicalType: string, physicalType: nvarchar(3), logicalTypeOptions: {maxLength: 9}; at most 3 characters",
        "logicalType: array, items: {physicalType: varchar(3)}; at most 3 characters",
        "physicalType: binary(2); at most 2 bytes",
        "logicalType: integer, physicalType: tinyint; fewer bits",
        "physicalType: int2; fewer bits",
        "physicalType: 'decimal(4,2) unsigned'; no negative numbers",
      })
  void aPhysicalTypeThatHoldsLessThanItsColumnIsReportedAndNotRefused(
      String property, String promise) {
    assertThat(read("", property).report().elements(Outcome.MAPPED))
        .filteredOn(each -> each.path().endsWith("physicalType"))
        .singleElement()
        .satisfies(
            each -> assertThat(each.note()).contains(promise).contains("which is not enforced"));
    assertThat(OdcsDocument.parseStrictly(text("", property)).contract()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "physicalType: varchar",
        "logicalType: string, physicalType: varchar(3), logicalTypeOptions: {maxLength: 3}",
        "logicalType: integer, physicalType: tinyint, logicalTypeOptions: {minimum: 0, maximum: 9}",
        "physicalType: int4",
        "physicalType: 'decimal(4,2)'",
        "physicalType: timestamptz(3)"
      })
  void aPhysicalTypeThatIsEnforcedHasNoNote(String property) {
    assertThat(read("", property).report().elements(Outcome.MAPPED))
        .extracting(OdcsReport.Element::note)
        .noneMatch(note -> note.contains("not enforced"));
  }

  private static OdcsDocument read(String server, String property) {
    return OdcsDocument.parse(text(server, property));
  }

  private static String text(String server, String property) {
    String servers =
        switch (server) {
          case "" -> "";
          case "bigquery" -> "servers: [{server: s, type: bigquery, project: p, dataset: d}]\n";
          case "snowflake" ->
              "servers: [{server: s, type: snowflake, account: a, database: d, schema: s}]\n";
          case "oracle" ->
              "servers: [{server: s, type: oracle, host: h, port: 1, serviceName: s}]\n";
          case "mysql" -> "servers: [{server: s, type: mysql, host: h, port: 1, database: d}]\n";
          case "databricks" -> "servers: [{server: s, type: databricks, catalog: c, schema: d}]\n";
          case "exasol", "teradata" -> "servers: [{server: s, type: " + server + ", host: h}]\n";
          case "s3" -> "servers: [{server: s, type: s3, location: 's3://b/x'}]\n";
          default ->
              "servers: [{server: s, type: "
                  + server
                  + ", host: h, port: 1, database: d, schema: s}]\n";
        };
    return "apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\n"
        + servers
        + "schema:\n  - name: t\n    properties:\n      - {name: a, "
        + property
        + "}\n";
  }
}
