package io.meshwork.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QualityReportTest {
  private static final String SAMPLE = "{\"row\":1,\"values\":{\"who\":\"anna\"}}";

  private static RuleResult failed(int rule) {
    return new RuleResult(
        "rule" + rule,
        "between(a, 0, 1)",
        Rule.Severity.ERROR,
        Outcome.FAIL,
        20,
        100,
        OptionalDouble.empty(),
        "first in row 1",
        Collections.nCopies(20, SAMPLE));
  }

  @Test
  void aSeverityOfALaterVersionIsNamed() {
    String json = report("X").toJson().replace("\"ERROR\"", "\"PARTLY\"");
    assertThatThrownBy(() -> QualityReport.fromJson(json))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("'PARTLY'", "Use the version of Meshwork that wrote it");
  }

  @Test
  void aReportIsPrintedInOneShortLineWithoutValues() {
    Finding misfit =
        new Finding(
            FindingCode.TYPE_MISMATCH,
            Finding.Severity.ERROR,
            "id",
            "Column id does not fit.",
            20,
            List.of(SAMPLE),
            "");
    QualityReport report =
        new QualityReport(
            100,
            60,
            40,
            0,
            IntStream.range(0, 400).mapToObj(QualityReportTest::failed).toList(),
            List.of(misfit));

    assertThat(report)
        .hasToString(
            "QualityReport[offered=100, accepted=60, quarantined=40, rejected=0,"
                + " qualityScore=60.0, failed=rule0 FAIL 20 of 100 rows, rule1 FAIL"
                + " 20 of 100 rows, rule2 FAIL 20 of 100 rows, rule3 FAIL 20 of 100 rows, rule4"
                + " FAIL 20 of 100 rows and 395 more]");
    assertThat(report.rules().get(0).samples()).hasSize(20).contains(SAMPLE);
    assertThat(misfit).hasToString("ERROR TYPE_MISMATCH at id: Column id does not fit.");
  }

  @Test
  void eachCodeIsReadAsItIsWritten() {
    for (FindingCode code : FindingCode.values()) {
      assertThat(stored(code.name()))
          .isEqualTo(
              new Finding(
                  code, Finding.Severity.ERROR, "id", "It is found.", 2, List.of(), "Fix it."));
    }
  }

  @Test
  void aCodeOfANewerReleaseKeepsItsText() {
    QualityReport report = report("KEY_TOO_WIDE");

    Finding found = report.violations().get(0);
    assertThat(found.code()).isEqualTo(FindingCode.UNRECOGNIZED_CODE);
    assertThat(found.what()).isEqualTo("KEY_TOO_WIDE: It is found.");
    assertThat(found.count()).isEqualTo(2);
    assertThat(QualityReport.fromJson(report.toJson())).isEqualTo(report);
  }

  private static Finding stored(String code) {
    return report(code).violations().get(0);
  }

  private static QualityReport report(String code) {
    return QualityReport.fromJson(
        "{\"rowsOffered\":2,\"rowsAccepted\":0,\"rowsQuarantined\":2,\"rowsRejected\":0,"
            + "\"rules\":[],\"violations\":[{\"code\":\""
            + code
            + "\",\"severity\":\"ERROR\",\"where\":\"id\",\"what\":\"It is found.\",\"count\":2,"
            + "\"fix\":\"Fix it.\"}]}");
  }
}
