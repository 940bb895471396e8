package io.meshwork.proposal;

import io.meshwork.contract.Rule;
import io.meshwork.proposal.ContractProposal.Evidence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** A proposal as a Java file. Not thread-safe. */
final class JavaText {
  /** What the parameters of a constructor may take together, {@code this} included. */
  private static final int MOST_SLOTS = 254;

  /** How wide comments are, but for their indent. */
  private static final int MOST_COLUMNS = 88;

  /** The longest text of a constant of a class, for sure. */
  private static final int LONGEST_TEXT = 8_000;

  private final String source;
  private final long rows;
  private final Schema schema;
  private final List<Guesses.Proposed> rules;
  private final List<Evidence> evidence;
  private final Set<String> imports = new TreeSet<>();
  private final Set<String> factories = new TreeSet<>();
  private final StringBuilder text = new StringBuilder();

  JavaText(
      String source,
      long rows,
      Schema schema,
      List<Guesses.Proposed> rules,
      List<Evidence> evidence) {
    this.source = source;
    this.rows = rows;
    this.schema = schema;
    this.rules = rules;
    this.evidence = evidence;
  }

  String text() {
    imports.add("io.meshwork.contract.Contract");
    if (isRecord(schema)) {
      record(schema, "", "");
    } else {
      schema.getFields().forEach(field -> comments(field.name(), ""));
      text.append("public final class ").append(schema.getName()).append(" {\n");
      text.append("  private ").append(schema.getName()).append("() {}\n");
      contract();
      text.append("}\n");
    }
    StringBuilder file = new StringBuilder();
    for (String factory : factories) {
      file.append("import static io.meshwork.contract.Rule.").append(factory).append(";\n");
    }
    file.append(factories.isEmpty() ? "" : "\n");
    for (String name : imports) {
      file.append("import ").append(name).append(";\n");
    }
    file.append("\n/**\n * Proposed from ")
        .append(Guesses.number(rows))
        .append(" rows of ")
        .append(source.replaceAll("[^A-Za-z0-9._ -]", "?"))
        .append(
            ".\n *\n * <p>To be read and mended: rules only warn; take warn() away where one is a"
                + " promise.\n */\n");
    return file.append(text).toString();
  }

  private void record(Schema record, String indent, String path) {
    text.append(indent).append(indent.isEmpty() ? "public " : "");
    text.append("record ").append(record.getName()).append("(\n");
    int last = record.getFields().size() - 1;
    for (Schema.Field field : record.getFields()) {
      comments(path + field.name(), indent + "    ");
      text.append(indent).append("    ").append(component(field));
      text.append(field.pos() == last ? ") {" : ",\n");
    }
    text.append(path.isEmpty() ? "\n" : "");
    if (path.isEmpty()) {
      contract();
    }
    boolean holds = path.isEmpty();
    for (Schema.Field field : record.getFields()) {
      Inside inside = inside(field.schema(), path + field.name());
      if (inside != null) {
        text.append("\n");
        record(inside.record, indent + "  ", inside.path + ".");
        holds = true;
      }
    }
    text.append(holds ? indent : "").append("}\n");
  }

  /** A record at some depth of a column. */
  private record Inside(Schema record, String path) {}

  private static @Nullable Inside inside(Schema schema, String path) {
    Schema type = SchemaTightening.value(schema);
    return switch (type.getType()) {
      case RECORD -> new Inside(type, path);
      case ARRAY -> inside(type.getElementType(), path + "[]");
      case MAP -> inside(type.getValueType(), path + "{}");
      default -> null;
    };
  }

  /** What is known of a column and of what lies in it, but for the fields of records. */
  private void comments(String path, String indent) {
    Map<String, StringBuilder> lines = new LinkedHashMap<>();
    for (Evidence each : evidence) {
      String inside = each.column().startsWith(path) ? each.column().substring(path.length()) : "-";
      if (inside.chars().allMatch(c -> "[]{}".indexOf(c) >= 0) && !each.about().equals("key")) {
        StringBuilder line =
            lines.computeIfAbsent(
                inside,
                key -> new StringBuilder("// ").append(key).append(key.isEmpty() ? "" : ": "));
        String fact = each.inWords();
        int begins = line.lastIndexOf("\n") + 1;
        if (line.length() - begins + fact.length() > MOST_COLUMNS && line.length() > 3) {
          line.append(";\n").append(indent).append("//   ");
        } else if (!line.substring(2).matches(" ([\\[\\]{}]+: )?")) {
          line.append("; ");
        }
        line.append(fact);
      }
    }
    lines.values().forEach(line -> text.append(indent).append(line).append('\n'));
  }

  private String component(Schema.Field field) {
    String name = field.name();
    boolean free = !JavaWords.isReserved(name);
    String java = free ? name : name + "_";
    StringBuilder column = new StringBuilder();
    if (!free) {
      column.append('"').append(name).append('"');
    }
    LogicalTypes.Decimal decimal = decimal(field.schema());
    if (decimal != null) {
      column.append(free ? "" : ", ").insert(0, free ? "" : "value = ");
      column.append("precision = ").append(decimal.getPrecision());
      column.append(", scale = ").append(decimal.getScale());
    }
    if (column.length() > 0) {
      imports.add("io.meshwork.contract.Column");
    }
    return (column.length() == 0 ? "" : "@Column(" + column + ") ")
        + type(field.schema(), true)
        + " "
        + java;
  }

  /** The decimal that a column is or holds in lists and maps; null if none. */
  private static LogicalTypes.@Nullable Decimal decimal(Schema schema) {
    Schema type = SchemaTightening.value(schema);
    return switch (type.getType()) {
      case ARRAY -> decimal(type.getElementType());
      case MAP -> decimal(type.getValueType());
      default -> type.getLogicalType() instanceof LogicalTypes.Decimal decimal ? decimal : null;
    };
  }

  private String type(Schema schema, boolean component) {
    Schema type = SchemaTightening.value(schema);
    boolean nullable = schema.isNullable();
    String primitive = type.getLogicalType() == null ? primitive(type) : null;
    if (primitive != null && component && !nullable) {
      return primitive;
    }
    String boxed =
        primitive == null
            ? reference(type)
            : primitive.equals("int") ? "Integer" : capital(primitive);
    if (!nullable || (component && primitive != null)) {
      return boxed;
    }
    imports.add("java.util.Optional");
    return "Optional<" + boxed + ">";
  }

  private String reference(Schema type) {
    if (type.getLogicalType() != null) {
      return switch (type.getLogicalType().getName()) {
        case "decimal" -> imported("java.math.BigDecimal");
        case "date" -> imported("java.time.LocalDate");
        case "time-micros" -> imported("java.time.LocalTime");
        case "timestamp-micros" -> imported("java.time.Instant");
        case "local-timestamp-micros" -> imported("java.time.LocalDateTime");
        default -> imported("java.util.UUID");
      };
    }
    return switch (type.getType()) {
      case RECORD -> type.getName();
      case ARRAY -> imported("java.util.List") + "<" + type(type.getElementType(), false) + ">";
      case MAP -> imported("java.util.Map") + "<String, " + type(type.getValueType(), false) + ">";
      case BYTES -> "byte[]";
      default -> "String";
    };
  }

  private static @Nullable String primitive(Schema type) {
    return switch (type.getType()) {
      case BOOLEAN, INT, LONG, FLOAT, DOUBLE -> type.getType().getName();
      default -> null;
    };
  }

  private String imported(String name) {
    imports.add(name);
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static String capital(String name) {
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  /** Whether Java can say it by records. */
  private static boolean isRecord(Schema record) {
    int slots = 0;
    for (Schema.Field field : record.getFields()) {
      Schema type = SchemaTightening.value(field.schema());
      boolean wide = !field.schema().isNullable() && type.getLogicalType() == null;
      Schema.Type kind = type.getType();
      slots += wide && (kind == Schema.Type.LONG || kind == Schema.Type.DOUBLE) ? 2 : 1;
      if (!isSaid(type)) {
        return false;
      }
    }
    return slots <= MOST_SLOTS;
  }

  private static boolean isSaid(Schema type) {
    if (type.getLogicalType() != null && type.getLogicalType().getName().endsWith("-nanos")) {
      return false;
    }
    return switch (type.getType()) {
      case RECORD -> isRecord(type);
      case ARRAY -> isSaid(SchemaTightening.value(type.getElementType()));
      case MAP -> isSaid(SchemaTightening.value(type.getValueType()));
      case FIXED -> false;
      default -> true;
    };
  }

  private void contract() {
    evidence.stream()
        .filter(each -> each.about().equals("key") || each.column().isEmpty())
        .forEach(
            each -> {
              text.append("  // ").append(each.inWords()).append('\n');
            });
    text.append("  /** What is promised. */\n  public static Contract contract() {\n    return ");
    if (isRecord(schema)) {
      text.append("Contract.of(").append(schema.getName()).append(".class)");
    } else {
      imports.add("org.apache.avro.Schema");
      text.append("Contract.of(\n        new Schema.Parser()\n            .parse(\n");
      text.append("                String.join(\n                    \"\"");
      String json = schema.toString();
      for (int from = 0; from < json.length(); from += LONGEST_TEXT) {
        String part = json.substring(from, Math.min(json.length(), from + LONGEST_TEXT));
        text.append(",\n                    ").append(Values.quoted(part));
      }
      text.append(")))");
    }
    if (!rules.isEmpty()) {
      text.append("\n        .require(\n");
      text.append(
          rules.stream()
              .map(each -> "            // " + each.why() + "\n            " + rule(each.rule()))
              .collect(Collectors.joining(",\n")));
      text.append(")");
    }
    text.append(";\n  }\n");
  }

  private String rule(Rule rule) {
    factories.add(rule.kind().text());
    String columns = rule.columns().stream().map(Values::quoted).collect(Collectors.joining(", "));
    String arguments =
        rule.arguments().stream()
            .map(Objects::requireNonNull)
            .map(
                each -> {
                  String java = Values.java(each);
                  if (java.startsWith("new BigDecimal")) {
                    imports.add("java.math.BigDecimal");
                  }
                  return ", " + java;
                })
            .collect(Collectors.joining());
    return rule.kind().text() + "(" + columns + arguments + ").warn()";
  }
}
