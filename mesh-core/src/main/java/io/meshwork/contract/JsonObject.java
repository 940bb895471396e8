package io.meshwork.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.text.NearestName;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An object of a JSON document. Each method reads a member of one type. An absent member is empty;
 * a member of another type is rejected and never replaced by a default.
 */
final class JsonObject {
  private final String document;
  private final String path;
  private final ObjectNode json;

  /**
   * Creates an object of a document.
   *
   * @param document what the document is, such as {@code a contract}
   * @param path the path of the object, with a dot at the end; empty for the whole document
   */
  JsonObject(String document, String path, ObjectNode json) {
    this.document = document;
    this.path = path;
    this.json = json;
  }

  /** Rejects members with other names; the message names the nearest known one. */
  void allowOnly(Set<String> allowed, String advice) {
    for (Map.Entry<String, JsonNode> member : json.properties()) {
      if (!allowed.contains(member.getKey())) {
        throw CanonicalJson.unreadable(
            document,
            "it has the unknown key '" + NameGrammar.quoted(path + member.getKey()) + "'",
            nearest(member.getKey(), allowed)
                    .map(name -> "Did you mean '" + name + "'? ")
                    .orElse("")
                + "The known keys are "
                + String.join(", ", new TreeSet<>(allowed))
                + "."
                + advice);
      }
    }
  }

  boolean has(String name) {
    return json.has(name);
  }

  Optional<String> text(String name) {
    JsonNode value = json.path(name);
    return value.isMissingNode() ? Optional.empty() : Optional.of(text(path + name, value));
  }

  Optional<Boolean> flag(String name) {
    JsonNode value = json.path(name);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw typeMismatch(path + name, value, "true or false");
    }
    return value.isMissingNode() ? Optional.empty() : Optional.of(value.booleanValue());
  }

  Optional<BigDecimal> number(String name) {
    JsonNode value = json.path(name);
    if (!value.isMissingNode() && !value.isNumber()) {
      throw typeMismatch(path + name, value, "a number");
    }
    return value.isMissingNode() ? Optional.empty() : Optional.of(value.decimalValue());
  }

  /** A member that contains the name of a constant. */
  <E extends Enum<E>> Optional<E> constant(String name, Class<E> type) {
    return text(name).map(text -> constant(path + name, text, type));
  }

  /** A member that contains the text form of a java.time type. */
  <T> Optional<T> time(String name, Function<String, T> parser, String example) {
    return text(name)
        .map(
            text -> {
              try {
                return parser.apply(text);
              } catch (DateTimeException e) {
                throw CanonicalJson.unreadable(
                    document,
                    "the value '"
                        + NameGrammar.quoted(text)
                        + "' of '"
                        + path
                        + name
                        + "' is malformed",
                    "Use a form such as " + example + ".");
              }
            });
  }

  /** The members of a nested object of strings, in their order. */
  Map<String, String> texts(String name) {
    Map<String, String> all = new LinkedHashMap<>();
    object(name)
        .ifPresent(
            object ->
                object
                    .properties()
                    .forEach(
                        member ->
                            all.put(
                                member.getKey(),
                                text(path + name + "." + member.getKey(), member.getValue()))));
    return all;
  }

  /** The members of a nested object of constant names, in their order. */
  <E extends Enum<E>> Map<String, E> constants(String name, Class<E> type) {
    Map<String, E> all = new LinkedHashMap<>();
    texts(name).forEach((key, text) -> all.put(key, constant(path + name + "." + key, text, type)));
    return all;
  }

  Optional<ObjectNode> object(String name) {
    JsonNode value = json.path(name);
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    if (value instanceof ObjectNode object) {
      return Optional.of(object);
    }
    throw typeMismatch(path + name, value, "an object");
  }

  /** The elements of an array; empty if it is absent. */
  List<JsonNode> elements(String name) {
    JsonNode value = json.path(name);
    if (!value.isMissingNode() && !value.isArray()) {
      throw typeMismatch(path + name, value, "an array");
    }
    List<JsonNode> elements = new ArrayList<>();
    value.forEach(elements::add);
    return elements;
  }

  /** The elements of an array of strings. */
  List<String> textElements(String name) {
    List<JsonNode> elements = elements(name);
    for (int i = 0; i < elements.size(); i++) {
      text(path + name + "[" + i + "]", elements.get(i));
    }
    return elements.stream().map(JsonNode::textValue).toList();
  }

  /** The elements of an array of constant names. */
  <E extends Enum<E>> List<E> constantElements(String name, Class<E> type) {
    List<E> all = new ArrayList<>();
    for (String text : textElements(name)) {
      all.add(constant(path + name + "[" + all.size() + "]", text, type));
    }
    return all;
  }

  /** An element of an array, which must be an object. */
  JsonObject element(String name, int position, JsonNode value) {
    String location = path + name + "[" + position + "]";
    if (value instanceof ObjectNode object) {
      return new JsonObject(document, location + ".", object);
    }
    throw typeMismatch(location, value, "an object");
  }

  private <E extends Enum<E>> E constant(String location, String text, Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                CanonicalJson.unreadable(
                    document,
                    "the value '"
                        + NameGrammar.quoted(text)
                        + "' of '"
                        + NameGrammar.quoted(location)
                        + "' is unknown",
                    "Use "
                        + Arrays.stream(type.getEnumConstants())
                            .map(Enum::name)
                            .collect(Collectors.joining(", "))
                        + "."));
  }

  private String text(String location, JsonNode value) {
    if (value.isTextual()) {
      return value.textValue();
    }
    throw typeMismatch(location, value, "text");
  }

  private RuntimeException typeMismatch(String location, JsonNode value, String expected) {
    return CanonicalJson.unreadable(
        document,
        "the value of '"
            + NameGrammar.quoted(location)
            + "' has the JSON type "
            + value.getNodeType().name().toLowerCase(Locale.ROOT)
            + ", not "
            + expected,
        "Correct it, or remove the key.");
  }

  private static Optional<String> nearest(String name, Set<String> allowed) {
    return allowed.stream()
        .filter(key -> key.equalsIgnoreCase(name))
        .findFirst()
        .or(() -> NearestName.to(name, allowed));
  }
}
