package io.meshwork.internal.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.registry.Registry;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The JSON of registry documents: numbers retain every digit, field names are unique, and each
 * document has a format number. Thread-safe.
 */
public final class DocumentJson {
  /** The newest format of a document that this version can read. */
  public static final int FORMAT = 1;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private DocumentJson() {}

  /** An empty document of the current format. */
  public static ObjectNode create() {
    return JsonNodeFactory.instance.objectNode().put("format", FORMAT);
  }

  /**
   * Reads a document.
   *
   * @throws BackendException if it is not a JSON object, or its format is newer than {@link
   *     #FORMAT}
   */
  public static ObjectNode parse(Registry.Document document) {
    ObjectNode json = parseObject(document.key().toString(), document.json());
    int format = json.path("format").asInt(FORMAT);
    if (format > FORMAT) {
      throw Failure.of(MeshAction.of(Verb.READ, "'" + document.key() + "' in the registry"))
          .because("its format is " + format + " and this SDK reads formats up to " + FORMAT)
          .fix("Use a newer version of Meshwork.")
          .lasting(ErrorCode.REGISTRY_VERSION);
    }
    return json;
  }

  /**
   * Reads a JSON object of any format.
   *
   * @param what what the text is, for the message
   * @throws BackendException if the text is not a JSON object
   */
  public static ObjectNode parseObject(String what, String text) {
    if (parse(what, text) instanceof ObjectNode object) {
      return object;
    }
    throw damaged(what, "it is not a JSON object");
  }

  /** Reads JSON of any kind that another program wrote; empty if the text is not JSON. */
  public static Optional<JsonNode> findJson(String text) {
    try {
      return Optional.of(MAPPER.readTree(text)).filter(json -> !json.isMissingNode());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Reads a JSON object or array, with the exception of {@link #parseObject}. */
  static JsonNode parseMember(String what, String text) {
    JsonNode json = parse(what, text);
    if (json.isContainerNode()) {
      return json;
    }
    throw damaged(what, "it is neither a JSON object nor an array");
  }

  private static JsonNode parse(String what, String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      // Jackson's exception quotes the text, which may contain field values, so it is dropped.
      throw damaged(what, "it is not JSON");
    }
  }

  /** The document as text without white space; fields stay in order. */
  public static String write(JsonNode json) {
    try {
      return MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A JSON tree could not be written", e);
    }
  }

  /** The document as text with the fields of each object sorted by name. */
  public static String canonical(JsonNode json) {
    return write(sorted(json));
  }

  /** SHA-256 of the canonical text, as lower-case hexadecimal. */
  public static String hash(JsonNode json) {
    return Sha256.hex(canonical(json));
  }

  private static JsonNode sorted(JsonNode json) {
    if (json instanceof ObjectNode object) {
      TreeMap<String, JsonNode> fields = new TreeMap<>();
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        fields.put(field.getKey(), sorted(field.getValue()));
      }
      ObjectNode result = JsonNodeFactory.instance.objectNode();
      fields.forEach(result::set);
      return result;
    }
    if (json instanceof ArrayNode array) {
      ArrayNode result = JsonNodeFactory.instance.arrayNode(array.size());
      array.forEach(element -> result.add(sorted(element)));
      return result;
    }
    return json;
  }

  /** Returns the exception for a document that cannot be read. */
  public static BackendException damaged(String what, String why) {
    return Failure.of(MeshAction.of(Verb.READ, "'" + what + "' in the registry"))
        .because(why)
        .fix("Restore the registry from a backup.")
        .lasting(ErrorCode.REGISTRY_CORRUPT);
  }
}
