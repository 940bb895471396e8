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
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.runtime.UnicodeText;
import java.math.BigDecimal;
import java.util.TreeSet;

/** JSON in one form only: sorted keys, no spaces, numbers without trailing zeros. */
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

  static ObjectNode read(String what, String json) {
    try {
      if (json != null && MAPPER.readTree(json) instanceof ObjectNode object) {
        int lone = UnicodeText.loneSurrogateAt(object.toString());
        if (lone >= 0) {
          throw refused(what, "a text in it " + UnicodeText.fault(lone), "Write whole characters.");
        }
        return object;
      }
    } catch (StreamConstraintsException e) {
      throw new InvalidRequestException(
          ErrorCode.LIMIT_EXCEEDED,
          "Cannot read "
              + what
              + " from JSON: it nests deeper than "
              + StreamReadConstraints.DEFAULT_MAX_DEPTH
              + " levels, or has a number of more than "
              + StreamReadConstraints.DEFAULT_MAX_NUM_LEN
              + " digits or too long a text. Nothing was changed. Make it simpler.");
    } catch (JsonProcessingException e) {
      throw refused(
          what, "it is malformed at character " + e.getLocation().getCharOffset(), "Fix it.");
    }
    throw refused(what, "it is no JSON object", "Give the whole text.");
  }

  static String write(JsonNode node) {
    return sorted(node).toString();
  }

  static InvalidRequestException refused(String what, String why, String fix) {
    return new InvalidRequestException(
        ErrorCode.CONTRACT_INVALID, "Cannot read " + what + " from JSON: " + why + ". " + fix);
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
