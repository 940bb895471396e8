package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.odcs.OdcsReport.Outcome;
import io.meshwork.odcs.internal.profile.NullabilityInference;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** An edit of an exported document changes what it touches, and nothing else. */
class EditedExportTest {
  record Line(int id, Instant at) {}

  record MeterReading(
      Instant at, String meter, List<Line> lines, Map<String, List<Integer>> counts) {}

  @Test
  void anEditOfADescriptionKeepsHowTimesAreTruncatedAndTheNameOfTheRecord() {
    Contract contract =
        Contract.of(MeterReading.class)
            .describeColumns(Map.of("meter", "The meter"))
            .description("All meters");

    Contract column = read(yaml(contract).replace("The meter", "The new meter"));
    Contract document = read(yaml(contract).replace("All meters", "Some meters"));

    assertThat(column.schema()).isEqualTo(contract.schema());
    assertThat(column.columnDescriptions()).containsEntry("meter", "The new meter");
    assertThat(document.schema()).isEqualTo(contract.schema());
    assertThat(document.description()).isEqualTo("Some meters");
  }

  @Test
  void anEditOfOneColumnKeepsWhatOdcsCannotSayOfTheOthers() {
    Contract contract = Contract.of(MeterReading.class);
    String yaml = yaml(contract);
    int meter = yaml.indexOf("name: meter");
    String edited =
        yaml.substring(0, meter)
            + yaml.substring(meter).replaceFirst("required: true", "required: false");

    Contract read = read(edited);

    assertThat(read.schema().getField("meter").schema().isNullable()).isTrue();
    for (String other : List.of("at", "lines", "counts")) {
      assertThat(read.schema().getField(other).schema())
          .isEqualTo(contract.schema().getField(other).schema());
    }
    assertThat(read.schema().getFullName()).isEqualTo(contract.schema().getFullName());
  }

  @Test
  void aColumnThatBecomesOptionalIsStillTruncated() {
    Contract contract = Contract.of(MeterReading.class);
    String yaml = yaml(contract);
    int at = yaml.indexOf("name: at");
    String edited =
        yaml.substring(0, at)
            + yaml.substring(at).replaceFirst("required: true", "required: false");

    Schema column = read(edited).schema().getField("at").schema();

    assertThat(column.isNullable()).isTrue();
    assertThat(NullabilityInference.value(column))
        .isEqualTo(contract.schema().getField("at").schema());
  }

  @Test
  void aNewColumnKeepsTheDefaultsOfTheOthers() {
    Schema schema =
        new Schema.Parser()
            .parse(
                "{\"type\":\"record\",\"name\":\"Row\",\"namespace\":\"a.b\",\"fields\":["
                    + "{\"name\":\"n\",\"type\":\"long\",\"default\":7}]}");
    Contract contract = Contract.of(schema).require(Rule.atLeast("n", 1));
    String edited =
        yaml(contract)
            .replace("properties:\n", "properties:\n      - {name: x, logicalType: string}\n");

    Contract read = read(edited);

    assertThat(read.schema().getField("x")).isNotNull();
    assertThat(read.schema().getField("n").defaultVal()).isEqualTo(7L);
    assertThat(read.schema().getFullName()).isEqualTo("a.b.Row");
    assertThat(read.rules()).isEqualTo(contract.rules());
  }

  @Test
  void aTypeThatWasEditedCounts() {
    Contract contract = Contract.of(MeterReading.class);
    String edited =
        yaml(contract)
            .replaceFirst("logicalType: timestamp\n", "logicalType: date\n")
            .replaceFirst("physicalType: timestamp_tz\n", "physicalType: date\n")
            .replaceFirst(" *logicalTypeOptions:\n *timezone: true\n", "");

    Schema column = read(edited).schema().getField("at").schema();

    assertThat(column).hasToString("{\"type\":\"int\",\"logicalType\":\"date\"}");
  }

  @Test
  void anExportOfMapsOfListsAndRecordsIsRefusedByNoReader() {
    OdcsDocument document = OdcsDocument.parse(yaml(Contract.of(MeterReading.class)));

    assertThat(document.report().elements(Outcome.REFUSED)).isEmpty();
    assertThat(document.contract()).isEqualTo(Contract.of(MeterReading.class));
    assertThat(document.asYaml()).contains("map<string,array<int>>");
  }

  private static String yaml(Contract contract) {
    return OdcsExport.of(contract).product(ProductName.of("energy/readings")).asYaml();
  }

  private static Contract read(String yaml) {
    return OdcsDocument.parse(yaml).contract();
  }
}
