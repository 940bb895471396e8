package io.meshwork.conformance.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessSuiteTest {
  private static final String READER = "arn:aws:iam::111111111111:role/reader";

  private static final String WORLD =
      """
      {"id": "W", "now": "2026-01-15T00:00:00Z", "accounts": [{"id": "111111111111"}],
       "databases": [{"account": "111111111111", "name": "sales", "tables": [
         {"name": "orders", "columns": ["id", "country"], "data": [
           {"id": 1, "country": "se"}, {"id": 2.0, "country": "no"}]}]}],
       "filters": [{"account": "111111111111", "database": "sales", "table": "orders",
         "name": "f", "rows": "country  =  'se'"}],
       "grants": [{"id": "g", "principal": "%s", "permissions": ["SELECT"], "grantable": [],
         "resource": {"account": "111111111111", "database": "sales", "table": "orders",
           "filter": "f"}}]}\
      """
          .formatted(READER);

  private static final String CASE =
      """
      {"id": "one", "world": "W", "kind": "access", "principal": "%s", "action": "SELECT",
       "read": true,
       "resource": {"account": "111111111111", "database": "sales", "table": "orders"},
       "expected": {"decision": "ALLOW", "matched": ["g"], "columns": ["country", "id"],
         "rowFilter": [["country = 'se'"]], "rows": [{"country": "se", "id": 1}]}}\
      """
          .formatted(READER);

  @TempDir private Path folder;

  @Test
  void theGoldenCasesPass() throws URISyntaxException {
    Path ours =
        Path.of(
            Objects.requireNonNull(AccessSuiteTest.class.getResource("access/lf-cases.json"))
                .toURI());

    Run run = Run.of("access", ours);

    assertThat(run.output()).containsExactly("239 passed, 0 failed");
    assertThat(run.exitCode()).isZero();
  }

  /**
   * Random worlds, with answers from a third implementation of the semantics in another language.
   */
  @Test
  void theCasesOfAThirdImplementationPass() throws URISyntaxException {
    Path third =
        Path.of(
            Objects.requireNonNull(AccessSuiteTest.class.getResource("access/more-cases.jsonl"))
                .toURI());

    Run run = Run.of("access", third);

    assertThat(run.output()).containsExactly("473 passed, 0 failed");
    assertThat(run.exitCode()).isZero();
  }

  /** The smallest worlds in which earlier evaluators were wrong. */
  @Test
  void linksAreForTheirOwnAccountAndOptionsForAccountsThatHaveThem() throws URISyntaxException {
    Path small =
        Path.of(
            Objects.requireNonNull(AccessSuiteTest.class.getResource("access/small-worlds.json"))
                .toURI());

    Run run = Run.of("access", small);

    assertThat(run.output()).containsExactly("10 passed, 0 failed");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void linesOfWorldsWithTheirCasesAreNumbered() throws IOException {
    String line =
        "{\"world\":" + oneLine(WORLD) + ",\"cases\":[" + oneLine(CASE) + "," + wrong() + "]}\n";

    Run run = run(line + line);

    assertThat(run.output()).hasSize(3).last().isEqualTo("2 passed, 2 failed");
    assertThat(run.output().get(0)).startsWith("FAIL 1-2: decision expected DENY, found ALLOW");
    assertThat(run.output().get(1)).startsWith("FAIL 2-2: ");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  private static String wrong() {
    return oneLine(CASE).replace("ALLOW", "DENY");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"ALLOW\" | \"DENY\"",
        "\"matched\": [\"g\"] | \"matched\": []",
        "[\"country\", \"id\"] | [\"id\"]",
        "[[\"country = 'se'\"]] | [[]]",
        "\"rows\": [{\"country\": \"se\", \"id\": 1}] | \"rows\": []",
        "\"id\": 1}] | \"id\": 2}]",
        "\"expected\" | \"expects\"",
        "\"matched\" | \"matches\"",
        "\"world\": \"W\" | \"world\": \"V\"",
        "\"kind\": \"access\" | \"kind\": \"excess\"",
        "\"action\": \"SELECT\" | \"action\": \"READ\"",
        "\"id\": \"one\" | \"id\": \"\""
      })
  void aCaseWithOneWrongMemberFails(String right, String wrong) throws IOException {
    assertThat(CASE).contains(right);
    assertThat(run(file(CASE)).output()).containsExactly("1 passed, 0 failed");

    Run run = run(file(CASE.replace(right, wrong)));

    assertThat(run.output()).hasSize(2).last().isEqualTo("0 passed, 1 failed");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void editsOfACaseDoNotAffectOtherCases() throws IOException {
    String revoked =
        CASE.replace(
            "\"id\": \"one\"", "\"id\": \"two\", \"after\": [{\"revoke\": {\"grant\": \"g\"}}]");

    Run run = run(file(revoked + "," + CASE));

    assertThat(run.output()).hasSize(2).last().isEqualTo("1 passed, 1 failed");
    assertThat(run.output().get(0)).startsWith("FAIL two: ").contains("NO_GRANT");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "7", "{}", "{\"worlds\": []}", "[", "{\"world\": {}}", "{\"a\":1,\"a\":1}"})
  void aFileWithoutCasesIsRejected(String text) throws IOException {
    Run run = run(text);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.output()).isEmpty();
    assertThat(run.errors()).contains("cases.json");
  }

  private static String file(String cases) {
    return "{\"schema\": \"lf-cases/1\",\n\"worlds\": ["
        + WORLD
        + "],\n\"cases\": ["
        + cases
        + "]}";
  }

  private static String oneLine(String json) {
    return json.replace("\n", " ");
  }

  private Run run(String text) throws IOException {
    return Run.of("access", Files.writeString(folder.resolve("cases.json"), text));
  }
}
