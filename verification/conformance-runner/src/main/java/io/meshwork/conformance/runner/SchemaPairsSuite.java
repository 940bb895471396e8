package io.meshwork.conformance.runner;

import io.meshwork.contract.ContractDifference;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The suite {@code compat}: pairs of schemas, each with the expected result, the code of its
 * reason, and the result of Avro in both directions.
 */
final class SchemaPairsSuite {
  static final Set<String> FIELDS =
      Set.of("old", "new", "verdict", "reasonCode", "avroBackward", "avroForward");

  private SchemaPairsSuite() {}

  /** Returns why the case failed; null if it passed. */
  static @Nullable String fault(CaseFile.Case testCase) {
    if (testCase.malformed() != null) {
      return testCase.malformed();
    }
    try {
      ContractDifference difference =
          ContractDifference.between(testCase.schema("old"), testCase.schema("new"));
      String actual =
          judgement(
              difference.verdict().toString(),
              CaseCodes.text(difference.reasonCode()),
              difference.backward(),
              difference.forward());
      String expected =
          judgement(
              testCase.text("verdict"),
              testCase.text("reasonCode"),
              testCase.truth("avroBackward"),
              testCase.truth("avroForward"));
      return actual.equals(expected) ? null : "expected " + expected + ", found " + actual;
    } catch (InvalidValueException e) {
      return e.getMessage();
    } catch (RuntimeException | StackOverflowError e) {
      return "it broke with " + e;
    }
  }

  private static String judgement(
      String verdict, String reason, boolean backward, boolean forward) {
    return verdict + " by " + reason + ", backward " + backward + ", forward " + forward;
  }
}
