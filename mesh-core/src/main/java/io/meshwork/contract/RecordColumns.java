package io.meshwork.contract;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.naming.NameGrammar;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The columns that the components of a Java record stand for, and all that lies inside of them. A
 * record or enum met again is the same named type, which Avro defines once.
 */
final class RecordColumns {
  private static final Pattern SYMBOL = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final String UNSUPPORTED = "COMPONENT_UNSUPPORTED";

  private final List<Finding> findings = new ArrayList<>();

  /** Of classes that were refused too, so that each is told of once: those are null. */
  private final Map<Class<?>, @Nullable Schema> named = new HashMap<>();

  private final Set<String> namesTaken = new HashSet<>();
  private final Set<Class<?>> around = new HashSet<>();

  private RecordColumns() {}

  /**
   * A place that has a type.
   *
   * @param path like {@code address.zip}, {@code lines[].quantity} or {@code parts{}.price}
   * @param column of the component that the place lies in
   */
  private record Place(String path, @Nullable Column column) {
    Place inside(String suffix) {
      return new Place(path + suffix, column);
    }
  }

  static Schema schema(Class<?> recordType) {
    if (recordType == null || !recordType.isRecord()) {
      throw refused(recordType, "it is no Java record. Give a record class or an Avro schema.");
    }
    if (!SYMBOL.matcher(recordType.getSimpleName()).matches()) {
      throw refused(
          recordType,
          "its name is no legal Avro name, which has letters, digits and underscores of ASCII."
              + " Rename it, or give an Avro schema.");
    }
    RecordColumns columns = new RecordColumns();
    Schema schema = columns.record(recordType, "");
    if (!columns.findings.isEmpty()) {
      Finding first = columns.findings.get(0);
      throw new InvalidRequestException(
          ErrorCode.SCHEMA_UNSUPPORTED,
          "Cannot make a contract of the record "
              + recordType.getName()
              + ": "
              + first.what()
              + andMore(columns.findings)
              + " Nothing was changed. "
              + first.fix(),
          columns.findings);
    }
    return schema;
  }

  private static InvalidRequestException refused(@Nullable Class<?> type, String why) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot make a contract of " + (type == null ? "null" : type.getName()) + ": " + why);
  }

  private static String andMore(List<Finding> findings) {
    return findings.size() == 1 ? "" : " (and " + (findings.size() - 1) + " more, see findings())";
  }

  private Schema record(Class<?> type, String prefix) {
    String name = nameOf(type);
    around.add(type);
    List<Schema.Field> fields = new ArrayList<>();
    Set<String> columns = new HashSet<>();
    for (RecordComponent component : type.getRecordComponents()) {
      Column column = component.getAnnotation(Column.class);
      String own =
          column == null || column.value().isEmpty() ? component.getName() : column.value();
      Type declared = component.getGenericType();
      Place place = new Place(prefix + own, column);
      if (!columns.add(own)) {
        refuse(
            place,
            declared,
            "another component has that column",
            "Give each component a column of its own, by @Column.");
        continue;
      }
      Schema schema = value(declared, place);
      if (schema != null) {
        fields.add(field(own, place, isBoxed(component.getType()) ? orNull(schema) : schema));
      }
    }
    around.remove(type);
    return Schema.createRecord(name, null, type.getPackageName(), false, fields);
  }

  private static Schema.Field field(String name, Place place, Schema schema) {
    try {
      return schema.isUnion()
          ? new Schema.Field(name, schema, null, JsonProperties.NULL_VALUE)
          : new Schema.Field(name, schema, null);
    } catch (AvroRuntimeException e) {
      throw new InvalidRequestException(
          ErrorCode.SCHEMA_UNSUPPORTED,
          "Cannot make a contract of a record: '"
              + NameGrammar.quoted(place.path())
              + "' is no legal name of a column. Use letters, digits and underscores.");
    }
  }

  private static boolean isBoxed(Class<?> type) {
    return type == Boolean.class
        || (Number.class.isAssignableFrom(type) && type != BigDecimal.class);
  }

  private static Schema orNull(Schema schema) {
    return Schema.createUnion(Schema.create(Schema.Type.NULL), schema);
  }

  /** The type of a component, element or value, with null if it is Optional; null if refused. */
  private @Nullable Schema value(Type type, Place place) {
    if (type instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
      Schema held = present(generic.getActualTypeArguments()[0], place);
      return held == null ? null : orNull(held);
    }
    return present(type, place);
  }

  private @Nullable Schema present(Type type, Place place) {
    if (type instanceof Class<?> plain) {
      return plain(plain, place);
    }
    if (type instanceof GenericArrayType array) {
      return list(array.getGenericComponentType(), place);
    }
    if (type instanceof ParameterizedType generic) {
      return generic(generic, place);
    }
    return refuse(
        place,
        type,
        (type instanceof WildcardType ? "a wildcard" : "a type parameter")
            + " does not say what the values are",
        "Name their type.");
  }

  private @Nullable Schema generic(ParameterizedType type, Place place) {
    Type[] arguments = type.getActualTypeArguments();
    Class<?> raw = (Class<?>) type.getRawType();
    if (raw == Optional.class) {
      return refuse(
          place,
          type,
          "an Optional in an Optional is null in two ways, a column in one",
          "Take one of them away.");
    }
    if (raw == List.class || raw == Collection.class) {
      return list(arguments[0], place);
    }
    if (raw == Map.class && arguments[0] == String.class) {
      Schema value = value(arguments[1], place.inside("{}"));
      return value == null ? null : Schema.createMap(value);
    }
    if (raw == Map.class) {
      return refuse(place, type, "the keys of a map are texts", "Declare it as Map<String, V>.");
    }
    return plain(raw, place);
  }

  private @Nullable Schema list(Type element, Place place) {
    Schema schema = value(element, place.inside("[]"));
    return schema == null ? null : Schema.createArray(schema);
  }

  private @Nullable Schema plain(Class<?> type, Place place) {
    if (type.isRecord() || type.isEnum()) {
      return named(type, place);
    }
    if (type.isArray() && type != byte[].class) {
      return list(type.getComponentType(), place);
    }
    if (List.of(Optional.class, List.class, Collection.class, Map.class).contains(type)) {
      return refuse(
          place,
          type,
          "it does not say what it holds",
          "Say it, as in List<String>, Map<String, Long> or Optional<String>.");
    }
    if (Iterable.class.isAssignableFrom(type)) {
      return refuse(
          place,
          type,
          "rows are read back with lists",
          "Declare it as List, of the same elements.");
    }
    if (Map.class.isAssignableFrom(type)) {
      return refuse(
          place, type, "rows are read back with plain maps", "Declare it as Map<String, V>.");
    }
    String gap = type == BigDecimal.class ? FlatColumns.decimalGap(place.column()) : null;
    Schema schema = gap == null ? FlatColumns.schema(type, place.column()) : null;
    return schema != null
        ? schema
        : refuse(
            place,
            type,
            gap == null ? "no column type stands for it" : gap,
            "Use a primitive, a boxed one, String, BigDecimal with @Column(precision, scale),"
                + " LocalDate, LocalTime, Instant, LocalDateTime, UUID, byte[], ByteBuffer, an"
                + " enum, a record, or List, Map<String, V> or Optional of these.");
  }

  private @Nullable Schema named(Class<?> type, Place place) {
    if (around.contains(type)) {
      findings.add(
          Finding.error(
              "TYPE_RECURSIVE",
              place.path(),
              "Component " + place.path() + " holds the record " + type.getName() + " in itself.",
              "Name the other row by a key column instead."));
      return null;
    }
    if (!named.containsKey(type)) {
      int before = findings.size();
      Schema schema = null;
      if (!SYMBOL.matcher(type.getSimpleName()).matches()) {
        refuse(place, type, "it has no legal Avro name", "Use letters, digits and underscores.");
      } else if (type.isEnum()) {
        schema = symbols(type, place);
      } else {
        schema = record(type, place.path() + ".");
      }
      named.put(type, findings.size() > before ? null : schema);
    }
    return named.get(type);
  }

  private @Nullable Schema symbols(Class<?> type, Place place) {
    List<String> symbols =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> ((Enum<?>) constant).name())
            .toList();
    for (String symbol : symbols) {
      if (!SYMBOL.matcher(symbol).matches()) {
        return refuse(
            place,
            type,
            "its constant " + symbol + " is no legal Avro symbol",
            "Use letters, digits and underscores.");
      }
    }
    return Schema.createEnum(nameOf(type), null, type.getPackageName(), symbols);
  }

  /**
   * The simple name; where another class of the package has that, with the names of the classes
   * around it in front, and where that is no help, with a number behind.
   */
  private String nameOf(Class<?> type) {
    String prefix = type.getPackageName() + ".";
    String name = type.getSimpleName();
    Class<?> outer = type.getEnclosingClass();
    while (!namesTaken.add(prefix + name)) {
      if (outer != null && SYMBOL.matcher(outer.getSimpleName()).matches()) {
        name = outer.getSimpleName() + "_" + name;
        outer = outer.getEnclosingClass();
      } else {
        int number = 2;
        while (namesTaken.contains(prefix + name + "_" + number)) {
          number++;
        }
        name = name + "_" + number;
      }
    }
    return name;
  }

  private @Nullable Schema refuse(Place place, Type type, String reason, String fix) {
    findings.add(
        Finding.error(
            UNSUPPORTED,
            place.path(),
            "Component " + place.path() + " of type " + type.getTypeName() + ": " + reason + ".",
            fix));
    return null;
  }
}
