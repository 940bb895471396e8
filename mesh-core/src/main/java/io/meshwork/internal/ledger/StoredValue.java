package io.meshwork.internal.ledger;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.text.InstantText;
import io.meshwork.internal.text.PrincipalText;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How values of a type are stored in the field of a document. */
interface StoredValue {
  /** Reads a value; the node is a missing one if the document lacks the field. */
  Object read(JsonNode json);

  /** Returns a value that is not empty as JSON. */
  JsonNode write(Object value);

  /** Returns true if a value has no field. */
  default boolean isEmpty(Object value) {
    return false;
  }

  /** Returns true if a value is what a missing field means. */
  default boolean isZero(Object value) {
    return value.equals(0)
        || value.equals(0L)
        || value.equals("")
        || value.equals(false)
        || value.equals(Duration.ZERO);
  }

  /** Returns how values of a type are stored. */
  static StoredValue of(Type type) {
    if (type instanceof ParameterizedType generic) {
      return generic(generic);
    }
    Class<?> plain = (Class<?>) type;
    StoredValue simple = Simple.BY_TYPE.get(plain);
    if (simple != null) {
      return simple;
    } else if (JsonNode.class.isAssignableFrom(plain)) {
      return new Simple(JsonNode.class, json -> json, JsonNode.class::cast);
    }
    for (Method method : plain.getDeclaredMethods()) {
      if (method.isAnnotationPresent(JsonCreator.class)
          && Modifier.isStatic(method.getModifiers())) {
        return ConvertedValue.by(method, plain);
      }
    }
    return plain.isEnum()
        ? Simple.constant(plain)
        : new NestedRecord(plain.asSubclass(Record.class));
  }

  private static StoredValue generic(ParameterizedType type) {
    Type[] arguments = type.getActualTypeArguments();
    StoredValue element = of(arguments[arguments.length - 1]);
    Class<?> plain = (Class<?>) type.getRawType();
    if (plain == Optional.class) {
      return new Present(element);
    } else if (Map.class.isAssignableFrom(plain)) {
      return new Fields(of(arguments[0]), element, plain == SortedMap.class);
    }
    return new Elements(
        element,
        plain == SortedSet.class
            ? TreeSet::new
            : plain == Set.class ? LinkedHashSet::new : ArrayList::new);
  }

  /** A value that is a string, a number, or a boolean. */
  record Simple(Class<?> type, Function<JsonNode, Object> reader, Function<Object, JsonNode> writer)
      implements StoredValue {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    static final Map<Class<?>, StoredValue> BY_TYPE =
        Stream.of(
                text(String.class, text -> text),
                text(Instant.class, InstantText::parse),
                text(LocalDate.class, LocalDate::parse),
                text(Period.class, Period::parse),
                text(Duration.class, text -> text.isEmpty() ? Duration.ZERO : Duration.parse(text)),
                text(ProductName.class, ProductName::of),
                text(ContractVersion.class, ContractVersion::parse),
                text(Principal.class, PrincipalText::parse),
                new Simple(
                    PublishMode.class,
                    json ->
                        Stream.of(PublishMode.values())
                            .filter(mode -> mode.text().equals(json.asText()))
                            .findFirst()
                            .orElseThrow(() -> new UnknownConstantException(json.asText())),
                    mode -> JSON.textNode(((PublishMode) mode).text())),
                new Simple(int.class, JsonNode::asInt, v -> JSON.numberNode((int) v)),
                new Simple(Integer.class, JsonNode::asInt, v -> JSON.numberNode((int) v)),
                new Simple(long.class, JsonNode::asLong, v -> JSON.numberNode((long) v)),
                new Simple(Long.class, JsonNode::asLong, v -> JSON.numberNode((long) v)),
                new Simple(Double.class, JsonNode::asDouble, v -> JSON.numberNode((double) v)),
                new Simple(Boolean.class, JsonNode::asBoolean, v -> JSON.booleanNode((boolean) v)),
                new Simple(boolean.class, JsonNode::asBoolean, v -> JSON.booleanNode((boolean) v)),
                new Simple(
                    OptionalInt.class,
                    json -> json.isInt() ? OptionalInt.of(json.intValue()) : OptionalInt.empty(),
                    v -> JSON.numberNode(((OptionalInt) v).getAsInt())),
                new Simple(
                    OptionalLong.class,
                    json ->
                        json.isIntegralNumber()
                            ? OptionalLong.of(json.longValue())
                            : OptionalLong.empty(),
                    v -> JSON.numberNode(((OptionalLong) v).getAsLong())),
                new Simple(
                    OptionalDouble.class,
                    json ->
                        json.isNumber()
                            ? OptionalDouble.of(json.doubleValue())
                            : OptionalDouble.empty(),
                    v -> JSON.numberNode(((OptionalDouble) v).getAsDouble())))
            .collect(Collectors.toUnmodifiableMap(Simple::type, Function.identity()));

    private static Simple text(Class<?> type, Function<String, Object> parser) {
      return new Simple(
          type, json -> parser.apply(json.asText()), value -> JSON.textNode(value.toString()));
    }

    /** A constant by its text, which some types write in lower case. */
    static Simple constant(Class<?> type) {
      Object[] constants = type.getEnumConstants(); // a copy with each call
      return new Simple(
          type,
          json ->
              Stream.of(constants)
                  .filter(each -> ((Enum<?>) each).name().equalsIgnoreCase(json.asText()))
                  .findFirst()
                  .orElseThrow(() -> new UnknownConstantException(json.asText())),
          value -> JSON.textNode(value.toString()));
    }

    @Override
    public Object read(JsonNode json) {
      return reader.apply(json);
    }

    @Override
    public JsonNode write(Object value) {
      return writer.apply(value);
    }

    @Override
    public boolean isEmpty(Object value) {
      return value.equals(OptionalInt.empty())
          || value.equals(OptionalLong.empty())
          || value.equals(OptionalDouble.empty());
    }
  }

  /** A constant that a later version added. */
  @SuppressWarnings("serial") // not serialized
  final class UnknownConstantException extends IllegalArgumentException {
    final String text;

    UnknownConstantException(String text) {
      super("the constant '" + text + "' is unknown");
      this.text = text;
    }
  }

  /** A record as an object. */
  record NestedRecord(Class<? extends Record> type) implements StoredValue {
    @Override
    public Object read(JsonNode json) {
      return DocumentCodec.of(type).readNested(json);
    }

    @Override
    public JsonNode write(Object value) {
      return DocumentCodec.toJson((Record) value);
    }
  }

  /** An optional value. */
  record Present(StoredValue element) implements StoredValue {
    @Override
    public Object read(JsonNode json) {
      return json.isMissingNode() || json.isNull()
          ? Optional.empty()
          : Optional.of(element.read(json));
    }

    @Override
    public JsonNode write(Object value) {
      return element.write(((Optional<?>) value).orElseThrow());
    }

    @Override
    public boolean isEmpty(Object value) {
      return ((Optional<?>) value).isEmpty();
    }
  }

  /** A list, or a set, which is stored in its order. */
  record Elements(StoredValue element, Supplier<Collection<Object>> empty) implements StoredValue {
    @Override
    public Object read(JsonNode json) {
      Collection<Object> all = empty.get();
      json.forEach(each -> all.add(element.read(each)));
      return all;
    }

    @Override
    public JsonNode write(Object value) {
      ArrayNode json = JsonNodeFactory.instance.arrayNode();
      Stream<?> all = ((Collection<?>) value).stream();
      (value instanceof Set ? all.sorted() : all).forEach(each -> json.add(element.write(each)));
      return json;
    }

    @Override
    public boolean isEmpty(Object value) {
      return ((Collection<?>) value).isEmpty();
    }
  }

  /** A map as an object whose fields are its keys. */
  record Fields(StoredValue key, StoredValue element, boolean sorted) implements StoredValue {
    @Override
    public Object read(JsonNode json) {
      Map<Object, Object> all = sorted ? new TreeMap<>() : new LinkedHashMap<>();
      json.properties()
          .forEach(
              each ->
                  all.put(
                      key.read(JsonNodeFactory.instance.textNode(each.getKey())),
                      element.read(each.getValue())));
      return all;
    }

    @Override
    public JsonNode write(Object value) {
      Map<String, JsonNode> byName = new TreeMap<>();
      ((Map<?, ?>) value)
          .forEach((name, each) -> byName.put(key.write(name).asText(), element.write(each)));
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      byName.forEach(json::set);
      return json;
    }

    @Override
    public boolean isEmpty(Object value) {
      return ((Map<?, ?>) value).isEmpty();
    }
  }

  /** A value that is stored as another one, which its type converts. */
  record ConvertedValue(Method reader, Method writer, StoredValue stored) implements StoredValue {
    static ConvertedValue by(Method reader, Class<?> type) {
      Method writer =
          Stream.of(type.getDeclaredMethods())
              .filter(method -> method.isAnnotationPresent(JsonValue.class))
              .findFirst()
              .orElseThrow(
                  () -> new IllegalStateException(type + " has @JsonCreator but no @JsonValue"));
      reader.setAccessible(true);
      writer.setAccessible(true);
      Type stored = reader.getGenericParameterTypes()[0];
      return new ConvertedValue(reader, writer, StoredValue.of(stored));
    }

    @Override
    public Object read(JsonNode json) {
      Object value = stored.read(json);
      return DocumentCodec.invoke(() -> reader.invoke(null, value));
    }

    @Override
    public JsonNode write(Object value) {
      return stored.write(converted(value));
    }

    @Override
    public boolean isEmpty(Object value) {
      return stored.isEmpty(converted(value));
    }

    private Object converted(Object value) {
      return DocumentCodec.invoke(() -> writer.invoke(value));
    }
  }
}
