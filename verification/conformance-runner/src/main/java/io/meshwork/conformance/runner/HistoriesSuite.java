package io.meshwork.conformance.runner;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.contract.Compatibility;
import io.meshwork.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The suite {@code sequences}: histories of schemas, each with the modes in which a schema registry
 * accepts the last schema after the earlier ones.
 */
final class HistoriesSuite {
  static final Set<String> FIELDS = Set.of("schemas", "lastAgainstEarlier");

  private HistoriesSuite() {}

  /** Returns why the case failed; null if it passed. */
  static @Nullable String fault(CaseFile.Case testCase) {
    if (testCase.malformed() != null) {
      return testCase.malformed();
    }
    try {
      List<Schema> earlier = new ArrayList<>();
      for (JsonNode schema : testCase.json().path("schemas")) {
        earlier.add(new Schema.Parser().parse(schema.toString()));
      }
      JsonNode expected = testCase.json().path("lastAgainstEarlier");
      if (earlier.size() < 2 || !expected.isObject() || expected.isEmpty()) {
        return "it needs two 'schemas' or more and modes in 'lastAgainstEarlier'";
      }
      Schema last = earlier.remove(earlier.size() - 1);
      for (Map.Entry<String, JsonNode> mode : expected.properties()) {
        if (!mode.getValue().isBoolean()) {
          return "the mode " + mode.getKey() + " is neither true nor false";
        }
        boolean holds = Compatibility.parse(mode.getKey()).holds(last, earlier);
        if (holds != mode.getValue().booleanValue()) {
          return mode.getKey() + ": expected " + mode.getValue() + ", found " + holds;
        }
      }
      return null;
    } catch (InvalidRequestException | AvroRuntimeException e) {
      return e.getMessage();
    } catch (RuntimeException | StackOverflowError e) {
      return "it broke with " + e;
    }
  }
}
