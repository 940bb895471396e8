package io.meshwork.contract;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.schema.PhysicalName;
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
 * Creates the Avro schema of a Java record: a column for each component, including nested records.
 * A record or enum that occurs again is the same named type, which Avro defines once.
 */
final class RecordColumns {
  private static final Pattern SYMBOL = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final List<Finding> findings = new ArrayList<>();

  /** By class; null for unsupported classes, which are reported once. */
  private final Map<Class<?>, @Nullable Schema> namedTypes = new HashMap<>();

  private final Set<String> usedNames = new HashSet<>();
  private final Set<Class<?>> enclosing = new HashSet<>();

  private RecordColumns() {}

  /**
   * A component, element, or map value.
   *
   * @param path such as {@code address.zip}, {@code lines[].quantity}, or {@code parts{}.price}
   * @param column the annotation of the component; null without one
   */
  private record Location(String path, @Nullable Column column) {
    Location child(String suffix) {
      return new Location(path + suffix, column);
    }
  }

  static Schema schema(Class<?> recordType) {
    if (recordType == null || !recordType.isRecord()) {
      throw invalid(recordType, "it is not a Java record", "Use a record class or an Avro schema.");
    }
    if (!SYMBOL.matcher(recordType.getSimpleName()).matches()) {
      throw invalid(
          recordType,
          "its name is not an Avro name, which has ASCII letters, digits, and underscores",
          "Rename it, or use an Avro schema.");
    }
    RecordColumns columns = new RecordColumns();
    Schema schema = columns.record(recordType, "");
    if (!columns.findings.isEmpty()) {
      Finding first = columns.findings.get(0);
      throw Failure.of(creation(recordType.getName()))
          .because(first.what() + otherFindings(columns.findings))
          .fix(first.fix())
          .findings(columns.findings)
          .invalidRequest(ErrorCode.SCHEMA_UNSUPPORTED);
    }
    return schema;
  }

  private static MeshAction creation(String type) {
    return MeshAction.of(Verb.CREATE, "a contract for " + type);
  }

  private static InvalidRequestException invalid(
      @Nullable Class<?> type, String reason, String fix) {
    return Failure.of(creation(type == null ? "null" : type.getName()))
        .because(reason)
        .fix(fix)
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  private static String otherFindings(List<Finding> findings) {
    return findings.size() == 1 ? "" : " (and " + (findings.size() - 1) + " more, see findings())";
  }

  private Schema record(Class<?> type, String prefix) {
    String name = nameOf(type);
    enclosing.add(type);
    List<Schema.Field> fields = new ArrayList<>();
    Set<String> columns = new HashSet<>();
    for (RecordComponent component : type.getRecordComponents()) {
      Column column = component.getAnnotation(Column.class);
      String columnName =
          column == null || column.value().isEmpty() ? component.getName() : column.value();
      Type declared = component.getGenericType();
      Location location = new Location(prefix + columnName, column);
      if (!columns.add(columnName)) {
        unsupported(
            location,
            declared,
            "another component has the same column",
            "Give each component another column name with @Column.");
        continue;
      }
      Schema schema = value(declared, location);
      if (schema != null) {
        fields.add(
            field(columnName, location, isBoxed(component.getType()) ? nullable(schema) : schema));
      }
    }
    enclosing.remove(type);
    return Schema.createRecord(name, null, type.getPackageName(), false, fields);
  }

  private static Schema.Field field(String name, Location location, Schema schema) {
    try {
      Schema.Field field =
          schema.isUnion()
              ? new Schema.Field(name, schema, null, JsonProperties.NULL_VALUE)
              : new Schema.Field(name, schema, null);
      Column column = location.column();
      if (column != null && !column.physicalName().isEmpty()) {
        PhysicalName.declare(field, column.physicalName());
      }
      return field;
    } catch (AvroRuntimeException e) {
      throw Failure.of(creation("a record"))
          .because("'" + NameGrammar.quoted(location.path()) + "' is not a column name")
          .fix("Use letters, digits, and underscores.")
          .invalidRequest(ErrorCode.SCHEMA_UNSUPPORTED);
    }
  }

  private static boolean isBoxed(Class<?> type) {
    return type == Boolean.class
        || (Number.class.isAssignableFrom(type) && type != BigDecimal.class);
  }

  private static Schema nullable(Schema schema) {
    return Schema.createUnion(Schema.create(Schema.Type.NULL), schema);
  }

  /** The type of a component, element, or value, with null if Optional; null if unsupported. */
  private @Nullable Schema value(Type type, Location location) {
    if (type instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
      Schema content = required(generic.getActualTypeArguments()[0], location);
      return content == null ? null : nullable(content);
    }
    return required(type, location);
  }

  private @Nullable Schema required(Type type, Location location) {
    if (type instanceof Class<?> plain) {
      return plain(plain, location);
    }
    if (type instanceof GenericArrayType array) {
      return list(array.getGenericComponentType(), location);
    }
    if (type instanceof ParameterizedType generic) {
      return generic(generic, location);
    }
    return unsupported(
        location,
        type,
        (type instanceof WildcardType ? "a wildcard" : "a type parameter")
            + " does not define the type of the values",
        "Use their type.");
  }

  private @Nullable Schema generic(ParameterizedType type, Location location) {
    Type[] arguments = type.getActualTypeArguments();
    Class<?> raw = (Class<?>) type.getRawType();
    if (raw == Optional.class) {
      return unsupported(
          location,
          type,
          "an Optional of an Optional has two kinds of null, a column has one",
          "Remove one Optional.");
    }
    if (raw == List.class || raw == Collection.class) {
      return list(arguments[0], location);
    }
    if (raw == Map.class && arguments[0] == String.class) {
      Schema value = value(arguments[1], location.child("{}"));
      return value == null ? null : Schema.createMap(value);
    }
    if (raw == Map.class) {
      return unsupported(
          location, type, "the keys of a map must be strings", "Declare it as Map<String, V>.");
    }
    return plain(raw, location);
  }

  private @Nullable Schema list(Type element, Location location) {
    Schema schema = value(element, location.child("[]"));
    return schema == null ? null : Schema.createArray(schema);
  }

  private @Nullable Schema plain(Class<?> type, Location location) {
    if (type.isRecord() || type.isEnum()) {
      return namedType(type, location);
    }
    if (type.isArray() && type != byte[].class) {
      return list(type.getComponentType(), location);
    }
    if (List.of(Optional.class, List.class, Collection.class, Map.class).contains(type)) {
      return unsupported(
          location,
          type,
          "it has no type argument",
          "Add it, as in List<String>, Map<String, Long>, or Optional<String>.");
    }
    if (Iterable.class.isAssignableFrom(type)) {
      return unsupported(
          location,
          type,
          "only List and Collection are supported",
          "Declare it as a List of the same elements.");
    }
    if (Map.class.isAssignableFrom(type)) {
      return unsupported(location, type, "only Map is supported", "Declare it as Map<String, V>.");
    }
    String problem =
        type == BigDecimal.class ? JavaColumnTypes.decimalProblem(location.column()) : null;
    Schema schema = problem == null ? JavaColumnTypes.schema(type, location.column()) : null;
    return schema != null
        ? schema
        : unsupported(
            location,
            type,
            problem == null ? "it has no column type" : problem,
            "Use a primitive or boxed type, String, BigDecimal with @Column(precision, scale),"
                + " LocalDate, LocalTime, Instant, LocalDateTime, UUID, byte[], ByteBuffer, an"
                + " enum, a record, or a List, Map<String, V>, or Optional of these.");
  }

  private @Nullable Schema namedType(Class<?> type, Location location) {
    if (enclosing.contains(type)) {
      findings.add(
          Finding.error(
              FindingCode.TYPE_RECURSIVE,
              location.path(),
              "Component " + location.path() + " contains its own record " + type.getName() + ".",
              "Use a key column that refers to the other row."));
      return null;
    }
    if (!namedTypes.containsKey(type)) {
      int before = findings.size();
      Schema schema = null;
      if (!SYMBOL.matcher(type.getSimpleName()).matches()) {
        unsupported(
            location,
            type,
            "its name is not an Avro name",
            "Use letters, digits, and underscores.");
      } else if (type.isEnum()) {
        schema = symbols(type, location);
      } else {
        schema = record(type, location.path() + ".");
      }
      namedTypes.put(type, findings.size() > before ? null : schema);
    }
    return namedTypes.get(type);
  }

  private @Nullable Schema symbols(Class<?> type, Location location) {
    List<String> symbols =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> ((Enum<?>) constant).name())
            .toList();
    for (String symbol : symbols) {
      if (!SYMBOL.matcher(symbol).matches()) {
        return unsupported(
            location,
            type,
            "its constant " + symbol + " is not an Avro symbol",
            "Use letters, digits, and underscores.");
      }
    }
    return Schema.createEnum(nameOf(type), null, type.getPackageName(), symbols);
  }

  /**
   * The simple name. If another class of the package has it, the names of the enclosing classes
   * precede it; if that is not unique either, a number follows it.
   */
  private String nameOf(Class<?> type) {
    String prefix = type.getPackageName() + ".";
    String name = type.getSimpleName();
    Class<?> outer = type.getEnclosingClass();
    while (!usedNames.add(prefix + name)) {
      if (outer != null && SYMBOL.matcher(outer.getSimpleName()).matches()) {
        name = outer.getSimpleName() + "_" + name;
        outer = outer.getEnclosingClass();
      } else {
        int number = 2;
        while (usedNames.contains(prefix + name + "_" + number)) {
          number++;
        }
        name = name + "_" + number;
      }
    }
    return name;
  }

  private @Nullable Schema unsupported(Location location, Type type, String reason, String fix) {
    findings.add(
        Finding.error(
            FindingCode.COMPONENT_UNSUPPORTED,
            location.path(),
            "Component " + location.path() + " of type " + type.getTypeName() + ": " + reason + ".",
            fix));
    return null;
  }
}
