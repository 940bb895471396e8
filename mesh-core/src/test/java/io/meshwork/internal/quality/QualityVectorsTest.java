package io.meshwork.internal.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden cases of the rules. */
public class QualityVectorsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static Stream<String> vectors() throws Exception {
    return cases().stream().map(JsonNode::toString);
  }

  static List<JsonNode> cases() throws Exception {
    try (InputStream in =
        QualityVectorsTest.class.getResourceAsStream("/contracts/quality-vectors.json")) {
      List<JsonNode> cases = new ArrayList<>();
      MAPPER.readTree(in).get("vectors").forEach(cases::add);
      return cases;
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void ruleOutcomeMatchesTheCase(String text) throws Exception {
    JsonNode vector = MAPPER.readTree(text);
    String rule = vector.get("rule").asText();
    for (boolean encoded : new boolean[] {false, true}) {
      RuleResult result = judged(vector, rule, encoded);
      assertThat(result.outcome().name().toLowerCase(Locale.ROOT))
          .as(text)
          .isEqualTo(vector.get("expectOutcome").asText());
      if (!vector.get("expectFailing").isNull()) {
        assertThat(result.failingRows()).as(text).isEqualTo(vector.get("expectFailing").asLong());
      }
      if (vector.has("measure")) {
        assertThat(result.measure()).as(text).hasValue(vector.get("measure").asDouble());
      }
    }
  }

  private static RuleResult judged(JsonNode vector, String rule, boolean encoded) {
    Contract contract = contract(vector.get("columns")).require(Rule.parse(rule));
    Schema schema = IcebergSchemas.fromAvro(contract.schema());
    List<Object[]> rows = new ArrayList<>();
    for (JsonNode row : vector.get("rows")) {
      rows.add(
          schema.columns().stream()
              .map(column -> value(row.get(column.name()), column.type().toString()))
              .toArray());
    }
    VectorBatch batch = RowBatches.batch(schema, rows);
    QualityGate gate =
        QualityGate.open(contract, schema, OnViolation.REJECT, RuleContext.at(Instant.EPOCH));
    gate.evaluate(encoded ? encoded(batch) : batch, new RowMask(0), 0);
    gate.endOfInput();
    return gate.finish(List.of()).ofFirst().report().rules().get(0);
  }

  static Contract contract(JsonNode columns) {
    ObjectNode record = MAPPER.createObjectNode().put("type", "record").put("name", "row");
    ArrayNode fields = record.putArray("fields");
    columns
        .properties()
        .forEach(e -> fields.addObject().put("name", e.getKey()).set("type", e.getValue()));
    return Contract.of(new org.apache.avro.Schema.Parser().parse(record.toString()));
  }

  static Object value(JsonNode json, String type) {
    if (json.isNull()) {
      return null;
    }
    if (type.startsWith("decimal")) {
      return new BigDecimal(json.asText());
    }
    return switch (type) {
      case "long" -> json.asLong();
      case "double" -> json.isTextual() ? Double.valueOf(json.asText()) : json.asDouble();
      case "string" -> json.asText();
      default -> throw new IllegalArgumentException(type);
    };
  }

  /** Returns the same rows with each flat column dictionary-encoded, one entry per row. */
  public static VectorBatch encoded(VectorBatch batch) {
    List<Vector> vectors = new ArrayList<>();
    for (Vector vector : batch.vectors()) {
      if (vector instanceof StructVector
          || vector instanceof ListVector
          || vector instanceof MapVector) {
        vectors.add(vector);
        continue;
      }
      Vector dictionary = vector.newEmpty();
      DictionaryVector result = new DictionaryVector(dictionary);
      for (int row = 0; row < vector.size(); row++) {
        if (vector.isNull(row)) {
          result.appendNull();
        } else {
          dictionary.appendFrom(vector, row);
          result.append(dictionary.size() - 1);
        }
      }
      vectors.add(result);
    }
    return new VectorBatch(batch.schema(), vectors);
  }
}
