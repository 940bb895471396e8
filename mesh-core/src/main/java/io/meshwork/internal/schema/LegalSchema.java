package io.meshwork.internal.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.text.UnicodeText;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * Validates the schema of a contract. Reads the raw JSON, because Avro's parser rejects some
 * schemas without a path and ignores unknown attributes. Stateless.
 */
public final class LegalSchema {
  /** The newest Iceberg table format version that is supported. */
  public static final int NEWEST_FORMAT = 3;

  /** The maximum nesting depth of a column. */
  public static final int MAX_DEPTH = 32;

  /**
   * The maximum number of leaf columns, as Parquet counts them: a map of a primitive type has two,
   * keys and values.
   */
  public static final int MAX_LEAVES = 10_000;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private LegalSchema() {}

  /**
   * Returns everything that is not legal in an Avro schema, with paths; empty if the schema is
   * legal.
   *
   * @param avroJson the schema's text
   * @param tableFormat Iceberg's table format version, 2 or 3
   */
  public static List<Finding> findings(String avroJson, int tableFormat) {
    JsonNode root;
    try {
      root = MAPPER.readTree(avroJson);
    } catch (StreamConstraintsException e) {
      return List.of(SchemaFindings.tooDeep(""));
    } catch (JsonProcessingException e) {
      return List.of(
          Finding.error(
              FindingCode.NOT_A_RECORD,
              "",
              "The schema is not valid JSON at character " + e.getLocation().getCharOffset() + ".",
              "Provide an Avro record as JSON."));
    }
    int lone = UnicodeText.loneSurrogateAt(root.toString());
    if (lone >= 0) {
      return List.of(
          Finding.error(
              FindingCode.TEXT_MALFORMED,
              "",
              "A name, a default or a description in the schema " + UnicodeText.fault(lone) + ".",
              "Use complete characters."));
    }
    Optional<String> repeated = RepeatedKeys.find(avroJson);
    if (repeated.isPresent()) {
      return List.of(
          Finding.error(
              FindingCode.NAME_DUPLICATE,
              "",
              "The schema's JSON has " + repeated.get() + ".",
              "Remove one of them."));
    }
    return new SchemaWalk(tableFormat).findings(root);
  }

  /**
   * Rejects a schema that is not legal.
   *
   * @throws InvalidRequestException SCHEMA_UNSUPPORTED with every finding; LIMIT_EXCEEDED if all
   *     concern its depth or size
   */
  public static void check(String avroJson, int tableFormat) {
    refuse(findings(avroJson, tableFormat));
  }

  /**
   * Rejects a schema that is not legal, at any depth.
   *
   * @throws InvalidRequestException SCHEMA_UNSUPPORTED with every finding; LIMIT_EXCEEDED if all
   *     concern its depth or size
   */
  public static void check(Schema schema, int tableFormat) {
    if (isTooDeep(schema)) {
      refuse(List.of(SchemaFindings.tooDeep("")));
    }
    check(schema.toString(), tableFormat);
  }

  /**
   * Parses a legal schema.
   *
   * @throws InvalidRequestException SCHEMA_UNSUPPORTED if Avro rejects it nevertheless
   */
  public static Schema parse(String avroJson) {
    try {
      return new Schema.Parser().parse(avroJson);
    } catch (AvroRuntimeException e) {
      throw Failure.of(MeshAction.of(Verb.READ, "the Avro schema"))
          .because("Avro's parser rejects it (" + e.getClass().getSimpleName() + ")")
          .fix("Provide a valid Avro record.")
          .invalidRequest(ErrorCode.SCHEMA_UNSUPPORTED);
    }
  }

  private static void refuse(List<Finding> findings) {
    if (!findings.isEmpty()) {
      throw Failure.of(MeshAction.of(Verb.USE, "the schema for a contract"))
          .because(
              findings.stream()
                      .limit(5)
                      .map(f -> f.what() + " (" + f.code() + ")")
                      .collect(Collectors.joining(" "))
                  + (findings.size() > 5 ? " And " + (findings.size() - 5) + " more." : ""))
          .fix(findings.get(0).fix())
          .findings(findings)
          .invalidRequest(
              onlyTooLarge(findings) ? ErrorCode.LIMIT_EXCEEDED : ErrorCode.SCHEMA_UNSUPPORTED);
    }
  }

  private static boolean onlyTooLarge(List<Finding> findings) {
    return findings.stream().allMatch(finding -> finding.code() == FindingCode.SCHEMA_TOO_LARGE);
  }

  /**
   * Checks arrays, maps, and unions only; records are limited in the text, where nested ones are
   * references by name.
   */
  private static boolean isTooDeep(Schema schema) {
    Deque<Schema> schemas = new ArrayDeque<>();
    Deque<Integer> depths = new ArrayDeque<>();
    Set<Schema> records = Collections.newSetFromMap(new IdentityHashMap<>());
    schemas.push(schema);
    depths.push(0);
    while (!schemas.isEmpty()) {
      Schema current = schemas.pop();
      int depth = depths.pop();
      if (depth > 2 * MAX_DEPTH + 2) {
        return true;
      }
      List<Schema> inner =
          switch (current.getType()) {
            case ARRAY -> List.of(current.getElementType());
            case MAP -> List.of(current.getValueType());
            case UNION -> current.getTypes();
            case RECORD ->
                records.add(current)
                    ? current.getFields().stream().map(Schema.Field::schema).toList()
                    : List.<Schema>of();
            default -> List.<Schema>of();
          };
      for (Schema next : inner) {
        schemas.push(next);
        depths.push(depth + 1);
      }
    }
    return false;
  }

  /**
   * Returns the first key that occurs twice in a JSON object, of which a parser silently uses the
   * last, with both positions for a message; empty if there is none.
   *
   * @param json well-formed JSON
   */
  public static Optional<String> repeatedKey(String json) {
    return RepeatedKeys.find(json);
  }
}
