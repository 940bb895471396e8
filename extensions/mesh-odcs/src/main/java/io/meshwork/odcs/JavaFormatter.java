package io.meshwork.odcs;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.internal.condition.RowCondition;
import io.meshwork.internal.condition.RuleCondition;
import io.meshwork.internal.contract.RuleConditions;
import io.meshwork.internal.schema.JsonText;
import io.meshwork.internal.schema.PhysicalName;
import io.meshwork.internal.schema.TextFormat;
import io.meshwork.odcs.ContractProposal.Evidence;
import io.meshwork.odcs.internal.profile.NullabilityInference;
import io.meshwork.product.Classification;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Modifier;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Writes a proposal as a Java file, with JavaPoet. Evidence is Javadoc. Not thread-safe. */
final class JavaFormatter {
  /** The most slots of the parameters of a constructor, including {@code this}. */
  private static final int MAX_SLOTS = 254;

  /** The width of a line of facts. */
  private static final int LINE_WIDTH = 80;

  /** A safe length of a string constant in a class file. */
  private static final int MAX_CONSTANT = 8_000;

  /** Names that a component cannot have: methods of every object, and of the printed record. */
  private static final Set<String> METHODS =
      Set.of(
          "clone",
          "contract",
          "finalize",
          "getClass",
          "hashCode",
          "notify",
          "notifyAll",
          "toString",
          "wait");

  private static final ClassName RULE = ClassName.get(Rule.class);

  private final String source;
  private final long rows;
  private final Schema schema;
  private final List<ColumnInference.ProposedRule> rules;
  private final List<Evidence> evidence;
  private final List<String> personal;

  JavaFormatter(
      String source,
      long rows,
      Schema schema,
      List<ColumnInference.ProposedRule> rules,
      List<Evidence> evidence,
      List<String> personal) {
    this.personal = personal;
    this.source = source;
    this.rows = rows;
    this.schema = schema;
    this.rules = rules;
    this.evidence = evidence;
  }

  String text() {
    String from =
        ColumnInference.origin(rows, source)
            + ".\n\n<p>Read and edit it: the rules only warn. Remove warn() where a rule is a"
            + " promise.\n";
    TypeSpec.Builder type =
        isRecord(schema)
            ? record(schema, "").addModifiers(Modifier.PUBLIC)
            : TypeSpec.classBuilder(schema.getName())
                .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    type.addJavadoc("$L", from).addMethod(contract());
    if (!isRecord(schema)) {
      type.addJavadoc("\n<ul>\n");
      for (Schema.Field field : schema.getFields()) {
        type.addJavadoc("  <li>$L: $L\n", field.name(), facts(field.name()));
      }
      type.addJavadoc("</ul>\n");
    }
    JavaFile.Builder file = JavaFile.builder("", type.build()).skipJavaLangImports(true);
    String[] factories =
        rules.stream().map(each -> each.rule().kind().text()).distinct().toArray(String[]::new);
    if (factories.length > 0) {
      file.addStaticImport(RULE, factories);
    }
    return file.build().toString();
  }

  private TypeSpec.Builder record(Schema record, String path) {
    TypeSpec.Builder type = TypeSpec.recordBuilder(record.getName());
    MethodSpec.Builder components = MethodSpec.constructorBuilder();
    for (Schema.Field field : record.getFields()) {
      components.addParameter(component(field, path + field.name()));
      NestedRecord nested = recordIn(field.schema(), path + field.name());
      if (nested != null) {
        type.addType(record(nested.record, nested.path + ".").build());
      }
    }
    return type.recordConstructor(components.build());
  }

  /** A record in a column, at any depth. */
  private record NestedRecord(Schema record, String path) {}

  private static @Nullable NestedRecord recordIn(Schema schema, String path) {
    Schema type = NullabilityInference.value(schema);
    return switch (type.getType()) {
      case RECORD -> new NestedRecord(type, path);
      case ARRAY -> recordIn(type.getElementType(), path + "[]");
      case MAP -> recordIn(type.getValueType(), path + "{}");
      default -> null;
    };
  }

  private ParameterSpec component(Schema.Field field, String path) {
    String name = field.name();
    boolean allowed = !SourceVersion.isKeyword(name) && !METHODS.contains(name);
    ParameterSpec.Builder component =
        ParameterSpec.builder(type(field.schema(), true), allowed ? name : name + "_")
            .addJavadoc("$L\n", facts(path));
    AnnotationSpec.Builder column = AnnotationSpec.builder(Column.class);
    if (!allowed) {
      column.addMember("value", "$S", name);
    }
    String inFiles = PhysicalName.of(field);
    if (!inFiles.equals(name)) {
      column.addMember("physicalName", "$L", EvidenceFormatter.quoted(inFiles));
    }
    LogicalTypes.Decimal decimal = decimal(field.schema());
    if (decimal != null) {
      column.addMember("precision", "$L", decimal.getPrecision());
      column.addMember("scale", "$L", decimal.getScale());
    }
    if (isJson(field.schema())) {
      column.addMember("json", "$L", true);
    }
    AnnotationSpec annotation = column.build();
    return (annotation.members().isEmpty() ? component : component.addAnnotation(annotation))
        .build();
  }

  /** The evidence for a column and its content, except the fields of records, as Javadoc. */
  private String facts(String path) {
    Map<String, List<String>> factsByPath = new LinkedHashMap<>();
    for (Evidence each : evidence) {
      String suffix = each.column().startsWith(path) ? each.column().substring(path.length()) : "-";
      if (suffix.chars().allMatch(c -> "[]{}".indexOf(c) >= 0) && !each.about().equals("key")) {
        factsByPath.computeIfAbsent(suffix, absent -> new ArrayList<>()).add(each.comment());
      }
    }
    List<String> lines = new ArrayList<>();
    factsByPath.forEach(
        (suffix, facts) -> {
          StringBuilder line = new StringBuilder(suffix.isEmpty() ? "" : suffix + ": ");
          line.append(javadoc(facts.get(0)));
          for (String fact : facts.subList(1, facts.size())) {
            line.append(';');
            if (line.length() + fact.length() > LINE_WIDTH) {
              lines.add(line.toString());
              line.setLength(0);
            } else {
              line.append(' ');
            }
            line.append(javadoc(fact));
          }
          lines.add(line.toString());
        });
    return String.join("\n    ", lines);
  }

  /** Escapes a fact for Javadoc. */
  private static String javadoc(String fact) {
    return fact.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("@", "&#64;")
        .replace("*/", "*&#47;");
  }

  /** The decimal type of a column, or of its elements or map values; null if none. */
  private static LogicalTypes.@Nullable Decimal decimal(Schema schema) {
    Schema type = NullabilityInference.value(schema);
    return switch (type.getType()) {
      case ARRAY -> decimal(type.getElementType());
      case MAP -> decimal(type.getValueType());
      default -> type.getLogicalType() instanceof LogicalTypes.Decimal decimal ? decimal : null;
    };
  }

  /** True if a column, or its elements or map values, are strings that take any JSON. */
  private static boolean isJson(Schema schema) {
    Schema type = NullabilityInference.value(schema);
    return switch (type.getType()) {
      case ARRAY -> isJson(type.getElementType());
      case MAP -> isJson(type.getValueType());
      default -> JsonText.isDeclared(type);
    };
  }

  private static TypeName type(Schema schema, boolean component) {
    Schema type = NullabilityInference.value(schema);
    boolean nullable = schema.isNullable();
    TypeName primitive = type.getLogicalType() == null ? primitive(type) : null;
    if (primitive != null && component && !nullable) {
      return primitive;
    }
    TypeName boxed = primitive == null ? reference(type) : primitive.box();
    return !nullable || (component && primitive != null)
        ? boxed
        : ParameterizedTypeName.get(ClassName.get(Optional.class), boxed);
  }

  private static TypeName reference(Schema type) {
    if (type.getLogicalType() != null) {
      return ClassName.get(
          switch (type.getLogicalType().getName()) {
            case "decimal" -> BigDecimal.class;
            case "date" -> LocalDate.class;
            case "time-micros" -> LocalTime.class;
            case "timestamp-micros" -> Instant.class;
            case "local-timestamp-micros" -> LocalDateTime.class;
            default -> UUID.class;
          });
    }
    return switch (type.getType()) {
      case RECORD -> ClassName.get("", type.getName());
      case ARRAY ->
          ParameterizedTypeName.get(ClassName.get(List.class), type(type.getElementType(), false));
      case MAP ->
          ParameterizedTypeName.get(
              ClassName.get(Map.class),
              ClassName.get(String.class),
              type(type.getValueType(), false));
      case BYTES -> ArrayTypeName.of(TypeName.BYTE);
      default -> ClassName.get(String.class);
    };
  }

  private static @Nullable TypeName primitive(Schema type) {
    return switch (type.getType()) {
      case BOOLEAN -> TypeName.BOOLEAN;
      case INT -> TypeName.INT;
      case LONG -> TypeName.LONG;
      case FLOAT -> TypeName.FLOAT;
      case DOUBLE -> TypeName.DOUBLE;
      default -> null;
    };
  }

  /** True if a Java record can have these columns. */
  private static boolean isRecord(Schema record) {
    int slots = 0;
    if (record.getObjectProp(TextFormat.PROPERTY) != null) {
      return false;
    }
    for (Schema.Field field : record.getFields()) {
      if (field.getObjectProp(TextFormat.PROPERTY) != null) {
        return false;
      }
      Schema type = NullabilityInference.value(field.schema());
      boolean wide = !field.schema().isNullable() && type.getLogicalType() == null;
      Schema.Type kind = type.getType();
      slots += wide && (kind == Schema.Type.LONG || kind == Schema.Type.DOUBLE) ? 2 : 1;
      if (!hasJavaType(type)) {
        return false;
      }
    }
    return slots <= MAX_SLOTS;
  }

  private static boolean hasJavaType(Schema type) {
    if (type.getLogicalType() != null && type.getLogicalType().getName().endsWith("-nanos")) {
      return false;
    }
    return switch (type.getType()) {
      case RECORD -> isRecord(type);
      case ARRAY -> hasJavaType(NullabilityInference.value(type.getElementType()));
      case MAP -> hasJavaType(NullabilityInference.value(type.getValueType()));
      case FIXED -> false;
      default -> true;
    };
  }

  private MethodSpec contract() {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("contract")
            .addJavadoc("Returns the proposed contract.\n")
            .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
            .returns(Contract.class);
    evidence.stream()
        .filter(each -> each.about().equals("key") || each.column().isEmpty())
        .forEach(each -> method.addComment("$L", each.comment()));
    CodeBlock.Builder code = CodeBlock.builder().add("$[return $T.of(", Contract.class);
    if (isRecord(schema)) {
      code.add("$T.class)", ClassName.get("", schema.getName()));
    } else {
      code.add("new $T().parse($T.join(\"\"", Schema.Parser.class, String.class);
      String json = schema.toString();
      for (int from = 0; from < json.length(); from += MAX_CONSTANT) {
        String part = json.substring(from, Math.min(json.length(), from + MAX_CONSTANT));
        code.add(",\n$L", EvidenceFormatter.quoted(part));
      }
      code.add(")))\n.truncateExcessPrecision()");
    }
    if (!personal.isEmpty()) {
      code.add("\n.classification($T.CONFIDENTIAL", Classification.class);
      personal.forEach(column -> code.add(", $S", column));
      code.add(")");
    }
    if (!rules.isEmpty()) {
      code.add("\n.require($>$>");
      String separator = "\n";
      for (ColumnInference.ProposedRule each : rules) {
        code.add(separator).add("// $L\n", each.evidence()).add(rule(each.rule()));
        separator = ",\n";
      }
      code.add(")$<$<");
    }
    return method.addCode(code.add(";\n$]").build()).build();
  }

  private static CodeBlock rule(Rule rule) {
    List<CodeBlock> arguments = new ArrayList<>();
    rule.columns().forEach(name -> arguments.add(CodeBlock.of("$S", name)));
    literals(RuleConditions.of(rule))
        .forEach(each -> arguments.add(EvidenceFormatter.java(Objects.requireNonNull(each))));
    return CodeBlock.of(
        "$T." + rule.kind().text() + "($L).warn()", RULE, CodeBlock.join(arguments, ", "));
  }

  /** Returns the literals of a proposed condition. */
  private static List<@Nullable Object> literals(RuleCondition condition) {
    if (condition instanceof RowCondition.InSet set) {
      return set.values();
    }
    if (condition instanceof RowCondition.Length length) {
      return List.of(length.min(), length.max());
    }
    return condition instanceof RowCondition.Matches matches ? List.of(matches.regex()) : List.of();
  }
}
