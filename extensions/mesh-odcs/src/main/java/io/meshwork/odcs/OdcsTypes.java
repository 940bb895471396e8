package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.internal.rows.ColumnKind;
import io.meshwork.internal.rows.FormattedText;
import io.meshwork.internal.schema.JsonText;
import io.meshwork.internal.schema.PhysicalName;
import io.meshwork.internal.schema.TextFormat;
import io.meshwork.odcs.PhysicalType.Type;
import io.meshwork.odcs.internal.document.OdcsErrors;
import io.meshwork.odcs.internal.document.YamlNode;
import io.meshwork.odcs.internal.profile.NullabilityInference;
import io.meshwork.odcs.internal.profile.SchemaInference;
import io.meshwork.odcs.internal.profile.TypeNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/** Maps the properties of an ODCS object to the fields of an Avro record. */
final class OdcsTypes {
  private static final int MAX_PRECISION = 38;
  private static final int MAX_DEPTH = 100;
  private static final String SEMANTIC = "semanticType";
  private static final String MAP = "map";

  /** Decimals whose digits a 64-bit floating-point number does not hold. */
  private static final Pattern EXACT =
      Pattern.compile("(big|small)?(dec|num|money).*", Pattern.CASE_INSENSITIVE);

  /** A property that cannot be a column. */
  static final class UnmappableException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String path;

    UnmappableException(String path, String reason) {
      super(reason);
      this.path = path;
    }

    String path() {
      return path;
    }
  }

  private final ImportFindings findings;
  private final SqlDialect dialect;
  private final TypeNames names = new TypeNames();

  /**
   * Creates it.
   *
   * @param dialect of the physical types
   */
  OdcsTypes(ImportFindings findings, SqlDialect dialect) {
    this.findings = findings;
    this.dialect = dialect;
  }

  /** The record of an object; columns of its primary key are required. */
  Schema record(JsonNode object, String path) throws UnmappableException {
    String name = object.path("name").asText();
    String legal = isName(name) && !TypeNames.isPrimitive(name) ? name : TypeNames.legal(name);
    names.reserve(legal);
    return record(legal, object, path, true);
  }

  private Schema record(String name, JsonNode object, String path, boolean top)
      throws UnmappableException {
    JsonNode properties = object.path("properties");
    if (properties.isEmpty()) {
      throw new UnmappableException(path, "it has no properties");
    }
    List<Schema.Field> fields = new ArrayList<>();
    Set<String> columns = new HashSet<>();
    for (int i = 0; i < properties.size(); i++) {
      JsonNode property = properties.get(i);
      String at = path + ".properties[" + i + "]";
      String column = property.path("name").asText();
      if (!isName(column)) {
        throw new UnmappableException(
            at + ".name",
            OdcsErrors.quoted(column)
                + " is not a column name: use at most 255 letters, digits, and _, and state the name in files"
                + " as physicalName");
      }
      if (!columns.add(column)) {
        throw new UnmappableException(at + ".name", "another property has this name");
      }
      if (isCalculated(property)) {
        findings.preserved(
            at,
            "a "
                + property.path(SEMANTIC).asText()
                + " is calculated by its reader; it is not a column");
        continue;
      }
      Schema type = type(property, at, column);
      boolean key = top && property.path("primaryKey").asBoolean();
      boolean required = property.path("required").asBoolean();
      if (key && !required) {
        findings.mapped(at + ".required", "a column of the primary key is required");
      }
      Schema.Field field = SchemaInference.field(column, type, !required && !key);
      declarePhysicalName(field, properties, i, at);
      declareForm(property, field, at);
      checkForm(field, at);
      fields.add(field);
    }
    if (fields.isEmpty()) {
      throw new UnmappableException(path, "all its properties are measures or dimensions");
    }
    Schema record = Schema.createRecord(name, null, null, false, fields);
    if (top) {
      declareForm(object, record, path);
    }
    return record;
  }

  private static void checkForm(Schema.Field field, String path) throws UnmappableException {
    ColumnKind kind = ColumnKind.of(NullabilityInference.value(field.schema()));
    TextFormat format = TextFormat.of(field);
    if (kind == null || kind.nested() || format.isPlain()) {
      return;
    }
    try {
      FormattedText.of(kind, format);
    } catch (IllegalArgumentException e) {
      throw new UnmappableException(path + ".customProperties", String.valueOf(e.getMessage()));
    }
  }

  /** Declares how values, or files, are written. The contract checks the members. */
  private void declareForm(JsonNode element, JsonProperties declared, String path) {
    JsonNode format = OdcsKeys.customProperty(element, TextFormat.PROPERTY);
    if (format.isObject()) {
      declared.addProp(TextFormat.PROPERTY, new ObjectMapper().convertValue(format, TreeMap.class));
      findings.mapped(path + ".customProperties");
    }
  }

  /** True for a measure or a dimension, whose values no file has. */
  static boolean isCalculated(JsonNode property) {
    return Set.of("measure", "dimension").contains(property.path(SEMANTIC).asText());
  }

  /** Declares the name in files, unless another property could be meant by it. */
  private void declarePhysicalName(
      Schema.Field field, JsonNode properties, int position, String path) {
    String inFiles = properties.get(position).path(OdcsKeys.PHYSICAL_NAME).asText();
    if (inFiles.isBlank()) {
      return;
    }
    String at = path + "." + OdcsKeys.PHYSICAL_NAME;
    if (VariableReference.isIn(properties.get(position).path(OdcsKeys.PHYSICAL_NAME))) {
      findings.preserved(at, VariableReference.UNRESOLVED);
      return;
    }
    for (int i = 0; i < properties.size(); i++) {
      JsonNode property = properties.get(i);
      if (i != position
          && (property.path("name").asText().equals(inFiles)
              || property.path(OdcsKeys.PHYSICAL_NAME).asText().equals(inFiles))) {
        findings.preserved(at, "another property has this name");
        return;
      }
    }
    findings.mapped(at);
    PhysicalName.declare(field, inFiles);
  }

  private Schema type(JsonNode property, String path, String column) throws UnmappableException {
    String logical = logicalType(property);
    String physical = property.path("physicalType").asText();
    JsonNode options = property.path("logicalTypeOptions");
    AllowedValues.check(property, path);
    if (logical.equals("vector")) {
      return vector(options, path);
    }
    if (logical.equals(MAP)) {
      return map(property.path(MAP), path, column);
    }
    Optional<DialectType> dialectType =
        DialectType.of(physical, logical.equals("integer"), options, dialect)
            .filter(each -> each.type().type() != Type.JSON || isText(logical));
    PhysicalType type;
    if (dialectType.isPresent()) {
      assume(dialectType.get(), physical, path);
      type = withTimezone(dialectType.get().type(), logical, options);
      boolean fits =
          logical.isEmpty()
              || logical.equals(type.type().logical())
              || (logical.equals("integer") && type.type() == Type.DECIMAL && type.scale() == 0);
      if (!fits) {
        findings.mapped(
            path + ".physicalType",
            "the physical type " + OdcsErrors.quoted(physical) + " overrides " + logical);
      }
    } else {
      type = logical(logical, options, path, physical);
      if (!physical.isEmpty() && !logical.isEmpty()) {
        String note =
            "the physical type "
                + OdcsErrors.quoted(physical)
                + " is not known; read as "
                + logical;
        boolean exact = EXACT.matcher(physical.strip()).matches() && type.type() == Type.DOUBLE;
        assume(new DialectType(type, note, exact), "", path);
      }
    }
    Schema schema = schema(type, property, path, column);
    findings.mapped(path);
    return schema;
  }

  /** Returns the logical type, or the type that the parts of a property without one show. */
  private static String logicalType(JsonNode property) {
    String logical = property.path("logicalType").asText();
    if (!logical.isEmpty()) {
      return logical;
    }
    return property.has("properties")
        ? "object"
        : property.has("items") ? "array" : property.has(MAP) ? MAP : "";
  }

  /** An object or an array that a database stores as JSON has the parts that the document names. */
  private static boolean isText(String logical) {
    return logical.isEmpty() || logical.equals("string");
  }

  /** Says what was assumed; refuses what may lose values if the import is strict. */
  private void assume(DialectType dialectType, String physical, String path)
      throws UnmappableException {
    if (dialectType.note().isEmpty()) {
      return;
    }
    String prefix =
        physical.isEmpty() ? "" : "the physical type " + OdcsErrors.quoted(physical) + ": ";
    String at = path + ".physicalType";
    if (dialectType.narrows() && findings.strict()) {
      throw new UnmappableException(at, prefix + dialectType.note());
    }
    findings.mapped(at, prefix + dialectType.note());
  }

  /** An option that states whether there is a time zone counts more than the physical type. */
  private static PhysicalType withTimezone(PhysicalType type, String logical, JsonNode options) {
    if (!logical.equals("timestamp") || !options.path("timezone").isBoolean()) {
      return type;
    }
    boolean zoned = options.path("timezone").asBoolean();
    return switch (type.type()) {
      case INSTANT, LOCAL -> new PhysicalType(zoned ? Type.INSTANT : Type.LOCAL, 0, 0);
      case INSTANT_NANOS, LOCAL_NANOS ->
          new PhysicalType(zoned ? Type.INSTANT_NANOS : Type.LOCAL_NANOS, 0, 0);
      default -> type;
    };
  }

  private PhysicalType logical(String logical, JsonNode options, String path, String physical)
      throws UnmappableException {
    String format = options.path("format").asText();
    return switch (logical) {
      case "string" ->
          plain(
              switch (format) {
                case "uuid" -> Type.UUID;
                case "binary", "byte" -> Type.BYTES;
                default -> Type.STRING;
              });
      case "integer" ->
          switch (format) {
            case "i8", "i16", "i32", "u8", "u16" -> plain(Type.INT);
            case "u64" -> new PhysicalType(Type.DECIMAL, 20, 0);
            case "i128", "u128" -> {
              findings.mapped(path + ".logicalTypeOptions.format", "read as decimal(38,0)");
              yield new PhysicalType(Type.DECIMAL, MAX_PRECISION, 0);
            }
            default -> plain(Type.LONG);
          };
      case "number" -> plain(format.equals("f32") ? Type.FLOAT : Type.DOUBLE);
      case "date" -> plain(Type.DATE);
      case "time" -> plain(Type.TIME);
      case "boolean" -> plain(Type.BOOLEAN);
      case "object" -> plain(Type.RECORD);
      case "array" -> plain(Type.ARRAY);
      case "timestamp" -> {
        if (!options.path("timezone").isBoolean()) {
          String note = "neither timezone nor physicalType says whether it has a time zone";
          if (findings.strict()) {
            throw new UnmappableException(path, note);
          }
          findings.mapped(path + ".logicalType", note + "; read as an instant in UTC");
        }
        yield plain(options.path("timezone").asBoolean(true) ? Type.INSTANT : Type.LOCAL);
      }
      default -> {
        String note =
            physical.isEmpty()
                ? "it has no logicalType and no physicalType"
                : "it has no logicalType, and the physical type "
                    + OdcsErrors.quoted(physical)
                    + " is not known";
        if (findings.strict()) {
          throw new UnmappableException(path, note);
        }
        findings.mapped(path + ".logicalType", note + "; read as string");
        yield plain(Type.STRING);
      }
    };
  }

  private static PhysicalType plain(Type type) {
    return new PhysicalType(type, 0, 0);
  }

  private Schema schema(PhysicalType type, JsonNode property, String path, String column)
      throws UnmappableException {
    return switch (type.type()) {
      case STRING -> Schema.create(Schema.Type.STRING);
      case JSON -> JsonText.schema();
      case UUID -> LogicalTypes.uuid().addToSchema(Schema.create(Schema.Type.STRING));
      case ENUM -> symbols(property, column);
      case BYTES -> Schema.create(Schema.Type.BYTES);
      case INT -> Schema.create(Schema.Type.INT);
      case LONG -> Schema.create(Schema.Type.LONG);
      case FLOAT -> Schema.create(Schema.Type.FLOAT);
      case DOUBLE -> Schema.create(Schema.Type.DOUBLE);
      case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
      case DATE -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
      case TIME -> LogicalTypes.timeMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case INSTANT -> LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case LOCAL ->
          LogicalTypes.localTimestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case INSTANT_NANOS ->
          LogicalTypes.timestampNanos().addToSchema(Schema.create(Schema.Type.LONG));
      case LOCAL_NANOS ->
          LogicalTypes.localTimestampNanos().addToSchema(Schema.create(Schema.Type.LONG));
      case DECIMAL -> decimal(type, path);
      case RECORD -> record(names.ofField(column), property, path, false);
      case ARRAY -> array(property, path, column);
      case MAP -> map(property.path("physicalType").asText(), path);
    };
  }

  private static Schema decimal(PhysicalType type, String path) throws UnmappableException {
    if (type.precision() < 1
        || type.precision() > MAX_PRECISION
        || type.scale() > type.precision()) {
      throw new UnmappableException(
          path + ".physicalType", "a decimal has at most 38 digits, and no more after the point");
    }
    return LogicalTypes.decimal(type.precision(), type.scale())
        .addToSchema(Schema.create(Schema.Type.BYTES));
  }

  private Schema symbols(JsonNode property, String column) {
    List<String> symbols = new ArrayList<>();
    property.path(AllowedValues.KEY).forEach(each -> symbols.add(each.path("value").asText()));
    if (symbols.isEmpty()) {
      OdcsKeys.customProperty(property, "enumSymbols").forEach(each -> symbols.add(each.asText()));
    }
    if (symbols.isEmpty()
        || symbols.stream().distinct().count() < symbols.size()
        || !symbols.stream().allMatch(OdcsTypes::isName)) {
      return Schema.create(Schema.Type.STRING);
    }
    String fallback = OdcsKeys.customProperty(property, "enumDefault").asText("");
    return Schema.createEnum(
        names.ofField(column), null, null, symbols, symbols.contains(fallback) ? fallback : null);
  }

  /** Elements are required unless the document says otherwise. */
  private Schema array(JsonNode property, String path, String column) throws UnmappableException {
    JsonNode items = property.path("items");
    if (items.isMissingNode()) {
      throw new UnmappableException(path, "it is an array without items");
    }
    Schema element = type(items, path + ".items", column);
    boolean required = items.path("required").asBoolean(true);
    return Schema.createArray(required ? element : SchemaInference.nullable(element));
  }

  private Schema map(JsonNode parts, String path, String column) throws UnmappableException {
    String at = path + "." + MAP;
    Schema key = type(parts.path("key"), at + ".key", column);
    if (!key.equals(Schema.create(Schema.Type.STRING))) {
      throw new UnmappableException(
          at + ".key", "the keys of an Avro map are strings, and these are not");
    }
    Schema value = type(parts.path("value"), at + ".value", column);
    boolean required = parts.path("value").path("required").asBoolean(true);
    findings.mapped(path);
    return Schema.createMap(required ? value : SchemaInference.nullable(value));
  }

  /** A list with the dimensions as its length; the bits of a binary vector are bytes. */
  private Schema vector(JsonNode options, String path) throws UnmappableException {
    if (!options.has(OptionRules.DIMENSIONS)) {
      throw new UnmappableException(path, "a vector needs dimensions in its logicalTypeOptions");
    }
    findings.mapped(path);
    return switch (options.path("elementType").asText()) {
      case "binary" -> Schema.create(Schema.Type.BYTES);
      case "float64" -> Schema.createArray(Schema.create(Schema.Type.DOUBLE));
      case "int8", "uint8" -> Schema.createArray(Schema.create(Schema.Type.INT));
      default -> Schema.createArray(Schema.create(Schema.Type.FLOAT));
    };
  }

  private static Schema map(String physical, String path) throws UnmappableException {
    if (physical.chars().filter(c -> c == '<').count() > MAX_DEPTH) {
      throw new UnmappableException(path + ".physicalType", "it has too many levels");
    }
    OdcsTypes types =
        new OdcsTypes(new ImportFindings(YamlNode.text(""), false), SqlDialect.UNKNOWN);
    return SchemaBuilder.map()
        .values(types.ofText(PhysicalType.valueOfMap(physical), path, "value"));
  }

  /** The type that a string states with its parts. */
  private Schema ofText(String text, String path, String column) throws UnmappableException {
    boolean closed = text.indexOf('<') > 0 && text.endsWith(">");
    String name = text.toLowerCase(Locale.ROOT);
    if (closed && (name.startsWith("array<") || name.startsWith("list<"))) {
      return Schema.createArray(ofText(TypeText.inner(text), path, column));
    }
    if (closed && (name.startsWith("struct<") || name.startsWith("record<"))) {
      List<Schema.Field> fields = new ArrayList<>();
      Set<String> used = new HashSet<>();
      String record = names.ofField(column);
      for (String part : TypeText.parts(TypeText.inner(text))) {
        int colon = part.indexOf(':');
        String field = colon < 0 ? "" : part.substring(0, colon).strip();
        if (!isName(field) || !used.add(field)) {
          throw unknownValues(path);
        }
        Schema type = ofText(part.substring(colon + 1).strip(), path, field);
        fields.add(SchemaInference.field(field, type, true));
      }
      return Schema.createRecord(record, null, null, false, fields);
    }
    PhysicalType physicalType = PhysicalType.of(text).orElseThrow(() -> unknownValues(path));
    if (physicalType.type() == Type.RECORD || physicalType.type() == Type.ARRAY) {
      throw unknownValues(path);
    }
    JsonNode property = OdcsKeys.object().put("physicalType", text);
    return schema(physicalType, property, path, column);
  }

  private static UnmappableException unknownValues(String path) {
    return new UnmappableException(
        path + ".physicalType", "the type of its values is not a type that is known");
  }

  /** Whether a string is a name in Avro; all names of columns and records are. */
  static boolean isName(String text) {
    return text.matches("[A-Za-z_][A-Za-z0-9_]{0,254}");
  }
}
