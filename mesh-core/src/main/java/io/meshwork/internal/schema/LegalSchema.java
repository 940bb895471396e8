package io.meshwork.internal.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
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
 * Judges whether a contract can promise a schema. Reads the raw JSON, for Avro's parser refuses
 * some schemas before we can name the path and silently drops what it does not know. Stateless.
 */
public final class LegalSchema {
  /** The newest table format of Iceberg that schemas are judged for. */
  public static final int NEWEST_FORMAT = 3;

  /** Deepest nesting of a column. */
  public static final int MAX_DEPTH = 32;

  /** Most leaf columns, as Parquet counts them: a map of a simple type is two, keys and values. */
  public static final int MAX_LEAVES = 10_000;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private LegalSchema() {}

  /**
   * Everything that is not legal in an Avro schema, with paths; empty if all is well.
   *
   * @param avroJson the schema's text
   * @param tableFormat version of Iceberg's table format, 2 or 3
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
              "NOT_A_RECORD",
              "",
              "The schema is no JSON text, see character " + e.getLocation().getCharOffset() + ".",
              "Give an Avro record as JSON."));
    }
    Optional<String> repeated = RepeatedKeys.find(avroJson);
    if (repeated.isPresent()) {
      return List.of(
          Finding.error(
              "NAME_DUPLICATE",
              "",
              "The schema's JSON has " + repeated.get() + ".",
              "Keep one of both."));
    }
    return new SchemaWalk(tableFormat).findings(root);
  }

  /**
   * Refuses a schema that is not legal.
   *
   * @throws InvalidRequestException SCHEMA_UNSUPPORTED with every finding; LIMIT_EXCEEDED if all
   *     are about its depth or size
   */
  public static void check(String avroJson, int tableFormat) {
    refuse(findings(avroJson, tableFormat));
  }

  /**
   * Refuses a schema that is not legal, however deep it nests.
   *
   * @throws InvalidRequestException SCHEMA_UNSUPPORTED with every finding; LIMIT_EXCEEDED if all
   *     are about its depth or size
   */
  public static void check(Schema schema, int tableFormat) {
    if (isTooDeep(schema)) {
      refuse(List.of(SchemaFindings.tooDeep("")));
    }
    check(schema.toString(), tableFormat);
  }

  /**
   * Parses a schema that was found legal.
   *
   * @throws InvalidRequestException SCHEMA_UNSUPPORTED if Avro refuses it all the same
   */
  public static Schema parse(String avroJson) {
    try {
      return new Schema.Parser().parse(avroJson);
    } catch (AvroRuntimeException e) {
      throw new InvalidRequestException(
          ErrorCode.SCHEMA_UNSUPPORTED,
          "Cannot read the Avro schema: Avro's parser refuses it ("
              + e.getClass().getSimpleName()
              + "). Give a valid Avro record.");
    }
  }

  private static void refuse(List<Finding> findings) {
    if (!findings.isEmpty()) {
      throw new InvalidRequestException(
          onlyTooLarge(findings) ? ErrorCode.LIMIT_EXCEEDED : ErrorCode.SCHEMA_UNSUPPORTED,
          "Cannot use the schema for a contract: "
              + findings.stream()
                  .limit(5)
                  .map(f -> f.what() + " (" + f.code() + ")")
                  .collect(Collectors.joining(" "))
              + (findings.size() > 5 ? " And " + (findings.size() - 5) + " more." : "")
              + " Nothing was changed. "
              + findings.get(0).mend(),
          findings);
    }
  }

  private static boolean onlyTooLarge(List<Finding> findings) {
    return findings.stream().allMatch(finding -> finding.code().equals(SchemaFindings.TOO_LARGE));
  }

  /** Walks arrays, maps and unions only: names end the nesting of records in the text. */
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
}
