package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.odcs.OdcsMetric.InexpressibleException;
import io.meshwork.odcs.OdcsReport.Outcome;
import org.junit.jupiter.api.Test;
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
    assertThat(read("", property).report().with(Outcome.NOT_EXECUTED)).hasSize(1);
  }

  @Test
  void anOptionThatCannotBeReadDropsNoOther() {
    String options = "{minimum: '2024-01-01', maximum: '31.12.2026'}";
    OdcsDocument document = read("", "logicalType: date, logicalTypeOptions: " + options);

    assertThat(document.contract().rules().toString()).contains("2024-01-01");
    assertThat(document.report().with(Outcome.NOT_EXECUTED).toString()).contains("maximum");
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
  })
  void aPhysicalTypeMeansWhatItsDatabaseSays(
      String server, String logical, String physical, String avro) {
    OdcsDocument document =
        read(server, "logicalType: " + logical + ", physicalType: '" + physical + "'");

    assertThat(document.contract().schema().toString()).contains(avro.replace("\"", ""));
  }

  private static OdcsDocument read(String server, String property) {
    String servers =
        switch (server) {
          case "" -> "";
          case "bigquery" -> "servers: [{server: s, type: bigquery, project: p, dataset: d}]\n";
          case "databricks" -> "servers: [{server: s, type: databricks, catalog: c, schema: d}]\n";
          case "s3" -> "servers: [{server: s, type: s3, location: 's3://b/x'}]\n";
          default ->
              "servers: [{server: s, type: "
                  + server
                  + ", host: h, port: 1, database: d, schema: s}]\n";
        };
    return OdcsDocument.parse(
        "apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\n"
            + servers
            + "schema:\n  - name: t\n    properties:\n      - {name: a, "
            + property
            + "}\n");
  }
}
