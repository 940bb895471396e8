package io.meshwork.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.text.UnicodeText;
import java.math.BigDecimal;
import java.util.TreeSet;

/** Canonical JSON: sorted keys, no spaces, numbers without trailing zeros. */
final class CanonicalJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private CanonicalJson() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static ObjectNode read(String document, String json) {
    try {
      if (json != null && MAPPER.readTree(json) instanceof ObjectNode object) {
        int lone = UnicodeText.loneSurrogateAt(object.toString());
        if (lone >= 0) {
          throw unreadable(
              document, "a string " + UnicodeText.fault(lone), "Use well-formed Unicode text.");
        }
        return object;
      }
    } catch (StreamConstraintsException e) {
      throw failure(document)
          .because(
              "it nests deeper than "
                  + StreamReadConstraints.DEFAULT_MAX_DEPTH
                  + " levels, has a number of more than "
                  + StreamReadConstraints.DEFAULT_MAX_NUM_LEN
                  + " digits, or has a string that is too long")
          .fix("Simplify it.")
          .invalidRequest(ErrorCode.LIMIT_EXCEEDED);
    } catch (JsonProcessingException e) {
      throw unreadable(
          document,
          "it is malformed at character " + e.getLocation().getCharOffset(),
          "Correct the JSON.");
    }
    throw unreadable(document, "it is not a JSON object", "Provide the whole text.");
  }

  static String write(JsonNode node) {
    return sorted(node).toString();
  }

  static InvalidRequestException unreadable(String document, String reason, String fix) {
    return failure(document).because(reason).fix(fix).invalidRequest(ErrorCode.CONTRACT_INVALID);
  }

  private static Failure failure(String document) {
    return Failure.of(MeshAction.of(Verb.READ, document + " from JSON"));
  }

  private static JsonNode sorted(JsonNode node) {
    if (node.isObject()) {
      ObjectNode result = MAPPER.createObjectNode();
      TreeSet<String> names = new TreeSet<>();
      node.fieldNames().forEachRemaining(names::add);
      names.forEach(name -> result.set(name, sorted(node.get(name))));
      return result;
    }
    if (node.isArray()) {
      ArrayNode result = MAPPER.createArrayNode();
      node.forEach(element -> result.add(sorted(element)));
      return result;
    }
    if (node.isFloatingPointNumber() || node.isBigInteger()) {
      if (Double.isNaN(node.doubleValue()) || Double.isInfinite(node.doubleValue())) {
        return node;
      }
      BigDecimal number = node.decimalValue();
      BigDecimal plain = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
      return JsonNodeFactory.instance.numberNode(
          plain.scale() < 0 && plain.scale() > -400 ? plain.setScale(0) : plain);
    }
    return node;
  }
}
