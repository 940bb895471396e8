package io.meshwork.conformance.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenSuitesTest {
  private static final String PAIR =
      """
      {"vectors": [{"id": "widened", "old": %1$s, "new": %2$s, "verdict": "major",
        "reasonCode": "CONSUMER_BREAK", "avroBackward": true, "avroForward": false}]}"""
          .formatted(column("int"), column("long"));

  private static final String HISTORY =
      """
      [{"id": "widened", "schemas": [%s, %s],
        "lastAgainstEarlier": {"BACKWARD": true, "FORWARD": false, "FULL_ALL": false,
          "NONE": true, "DISABLED": false}}]"""
          .formatted(column("int"), column("long"));

  private static final String RULES =
      """
      {"vectors": [
        {"id": "elements", "columns": {"lines": {"type": "array", "items":
            {"type": "record", "name": "line", "fields": [{"name": "q", "type": "double"}]}}},
          "rows": [{"lines": []}, {"lines": [{"q": 1}, {"q": -0.0}]}, {"lines": [{"q": 7}]},
            {"lines": [{"q": "NaN"}, {"q": 0}]}],
          "rule": "notInSet(lines[].q, 0)", "expectFailing": 2, "expectOutcome": "fail"},
        {"id": "rows", "columns": {"m": {"type": "bytes", "logicalType": "decimal",
            "precision": 9, "scale": 2}, "t": ["null",
            {"type": "long", "logicalType": "timestamp-micros"}]},
          "rows": [{"m": "1.5"}, {"m": "2", "t": "2024-01-01T02:00:00+02:00"}],
          "rule": "rowCount(3, )", "expectFailing": null, "expectOutcome": "fail",
          "measure": 2}]}""";

  @TempDir private Path folder;

  @Test
  void theGoldenPairsPass() {
    Run run = Run.of("compat", ours("compat"));

    assertThat(run.output()).containsExactly("93 passed, 0 failed");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void theGoldenHistoriesPass() {
    Run run = Run.of("sequences", ours("sequences"));

    assertThat(run.output()).containsExactly("6 passed, 0 failed");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void theGoldenRulesPass() {
    Run run = Run.of("quality", ours("quality"));

    assertThat(run.output()).containsExactly("71 passed, 0 failed");
    assertThat(run.exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"expectFailing\": 2 | \"expectFailing\": 1",
        "\"expectFailing\": 2 | \"expectFailing\": true",
        "\"fail\" | \"pass\"",
        "\"expectOutcome\" | \"expected\"",
        "\"measure\": 2 | \"measure\": 2.00000001",
        "\"rows\" | \"row\"",
        "\"lines\": [{\"q\": 7}] | \"lines\": [{\"p\": 7}]",
        "notInSet | notInset"
      })
  void aRuleWithOneWrongExpectationFails(String right, String wrong) throws IOException {
    assertThat(RULES).contains(right);

    assertThat(run("quality", RULES).output()).containsExactly("2 passed, 0 failed");
    Run run = run("quality", RULES.replace(right, wrong));

    assertThat(run.output()).last().isIn("1 passed, 1 failed", "0 passed, 2 failed");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"major\" | \"minor\"",
        "\"CONSUMER_BREAK\" | \"SILENT_LOSS\"",
        "\"avroBackward\": true | \"avroBackward\": false",
        "\"avroForward\": false | \"avroForward\": true",
        "\"avroForward\": false | \"avroForward\": \"false\"",
        "\"verdict\" | \"verdicts\"",
        "\"old\" | \"older\"",
        "\"widened\" | \"\""
      })
  void aPairWithOneWrongExpectationFails(String right, String wrong) throws IOException {
    assertThat(PAIR).contains(right);

    assertThat(run("compat", PAIR).output()).containsExactly("1 passed, 0 failed");
    Run run = run("compat", PAIR.replace(right, wrong));

    assertThat(run.output()).hasSize(2).last().isEqualTo("0 passed, 1 failed");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"BACKWARD\": true | \"BACKWARD\": false",
        "\"FULL_ALL\": false | \"FULL_ALL\": true",
        "\"DISABLED\": false | \"DISABLED\": true",
        "\"NONE\": true | \"NONE\": 1",
        "\"NONE\" | \"SOME\"",
        "\"schemas\" | \"schema\"",
        "\"long\" | \"lung\""
      })
  void aHistoryWithOneWrongExpectationFails(String right, String wrong) throws IOException {
    assertThat(HISTORY).contains(right);

    assertThat(run("sequences", HISTORY).output()).containsExactly("1 passed, 0 failed");
    Run run = run("sequences", HISTORY.replace(right, wrong));

    assertThat(run.output()).hasSize(2).last().isEqualTo("0 passed, 1 failed");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void aRepeatedIdFails() throws IOException {
    String twice = HISTORY.replace("}}]", "}}, {\"id\": \"widened\"}]");

    assertThat(run("sequences", twice).output())
        .containsExactly(
            "FAIL widened: another case of this file has the same id", "1 passed, 1 failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "{}", "{\"vectors\": {}}", "[", "[] []", "{\"a\":1,\"a\":1}"})
  void aFileWithoutCasesIsRejected(String text) throws IOException {
    for (String suite : List.of("compat", "sequences", "quality")) {
      Run run = run(suite, text);

      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.output()).isEmpty();
      assertThat(run.errors()).contains("cases.json");
    }
  }

  @Test
  void aFileOfAnotherSuiteIsRejected() throws IOException {
    Map<String, String> files = Map.of("compat", PAIR, "sequences", HISTORY, "quality", RULES);
    for (String suite : List.of("compat", "sequences", "quality", "access", "contract-types")) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        if (!file.getKey().equals(suite)) {
          Run run = run(suite, file.getValue());

          assertThat(run.exitCode()).as(suite + " with cases of " + file.getKey()).isEqualTo(2);
          assertThat(run.output()).isEmpty();
          assertThat(run.errors()).contains("cases.json");
        }
      }
    }
  }

  @Test
  void optionsAreRejected() throws IOException {
    Path file = Files.writeString(folder.resolve("cases.json"), PAIR);

    assertThat(Run.of("compat", file, "--keep", folder).exitCode()).isEqualTo(2);
  }

  private Run run(String suite, String text) throws IOException {
    return Run.of(suite, Files.writeString(folder.resolve("cases.json"), text));
  }

  private static String column(String type) {
    return "{\"type\": \"record\", \"name\": \"Row\", \"fields\": [{\"name\": \"v\", \"type\": \""
        + type
        + "\"}]}";
  }

  private static Path ours(String suite) {
    try {
      return Path.of(GoldenSuitesTest.class.getResource(suite).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
