package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsPages;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.catalog.SchemaSet.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.avro.AvroRuntimeException;

/** Versions of schemas in Glue's Schema Registry. Guarded by {@link SchemaState}. */
final class SchemaVersions {
  static final int LONGEST_DEFINITION = 170_000;

  private static final int MOST_PAIRS = 10;
  private static final int MOST_IN_PAGE = 100;
  private static final Pattern KEY = Pattern.compile("[a-zA-Z0-9+=._/@-]{1,128}");
  private static final Pattern VALUE = Pattern.compile("[a-zA-Z0-9+=._/@-]{1,256}");

  private final SchemaState state;

  SchemaVersions(SchemaState state) {
    this.state = state;
  }

  ObjectNode reply(String operation, SchemaSet schema, String name, ObjectNode body) {
    if (schema.isDeleting()) {
      throw AwsErrorException.notFound("Schema is not found. SchemaName: " + name);
    }
    return switch (operation) {
      case "RegisterSchemaVersion" -> register(schema, definition(body));
      case "GetSchemaVersion" -> get(schema, body);
      case "ListSchemaVersions" -> list(schema, body);
      case "DeleteSchemaVersions" -> delete(schema, body);
      case "PutSchemaVersionMetadata", "RemoveSchemaVersionMetadata" ->
          changeMetadata(operation, schema, body);
      case "QuerySchemaVersionMetadata" -> query(schema, body);
      default -> throw new NotEmulatedException("glue:" + operation + " is not emulated.");
    };
  }

  private ObjectNode register(SchemaSet schema, String definition) {
    Version version = schema.find(definition);
    if (version != null) {
      settle(version);
      return version.toJson();
    }
    if (schema.compatibility().equals("DISABLED")) {
      throw AwsErrorException.invalidInput("Compatibility DISABLED does not allow versioning.");
    }
    return schema.add(definition, state.takeFailure()).toJson();
  }

  private ObjectNode get(SchemaSet schema, ObjectNode body) {
    Version version = require(schema, body.path("SchemaVersionNumber"));
    settle(version);
    ObjectNode reply = version.toJson();
    reply.put("SchemaDefinition", version.definition());
    reply.put("DataFormat", "AVRO");
    return reply;
  }

  private ObjectNode list(SchemaSet schema, ObjectNode body) {
    List<ObjectNode> versions = new ArrayList<>();
    schema
        .versions()
        .values()
        .forEach(
            version -> {
              settle(version);
              versions.add(version.toJson());
            });
    return AwsPages.glue(MOST_IN_PAGE).page(body, "Schemas", versions);
  }

  /** The checkpoint cannot be deleted. */
  private static ObjectNode delete(SchemaSet schema, ObjectNode body) {
    int number = Integer.parseInt(body.path("Versions").asText());
    if (number == schema.checkpoint()) {
      throw AwsErrorException.invalidInput("The checkpoint cannot be deleted.");
    }
    schema.versions().remove(number);
    return JsonNodeFactory.instance.objectNode();
  }

  private ObjectNode changeMetadata(String operation, SchemaSet schema, ObjectNode body) {
    Version version = require(schema, body.path("SchemaVersionNumber"));
    JsonNode pair = body.path("MetadataKeyValue");
    String key = pair.path("MetadataKey").asText("");
    String value = pair.path("MetadataValue").asText("");
    if (!KEY.matcher(key).matches() || !VALUE.matcher(value).matches()) {
      throw AwsErrorException.invalidInput("The metadata is not valid: " + key + "=" + value);
    }
    if (operation.startsWith("Remove")) {
      if (!version.remove(key, value)) {
        throw AwsErrorException.notFound("Metadata is not found: " + key);
      }
    } else if (version.pairs() >= MOST_PAIRS) {
      throw new AwsErrorException(
          "ResourceNumberLimitExceededException", "The version has 10 pairs of metadata.");
    } else if (!version.put(key, value)) {
      throw AwsErrorException.alreadyExists("The version has the metadata " + key);
    }
    return version.toJson();
  }

  private ObjectNode query(SchemaSet schema, ObjectNode body) {
    Version version = require(schema, body.path("SchemaVersionNumber"));
    ObjectNode reply = JsonNodeFactory.instance.objectNode();
    ObjectNode map = reply.putObject("MetadataInfoMap");
    version
        .metadata()
        .forEach(
            (key, values) -> {
              List<String> newestLast = List.copyOf(values);
              ObjectNode info = map.putObject(key);
              info.put("MetadataValue", newestLast.get(newestLast.size() - 1));
              newestLast
                  .subList(0, newestLast.size() - 1)
                  .forEach(
                      value ->
                          info.withArray("/OtherMetadataValueList")
                              .addObject()
                              .put("MetadataValue", value));
            });
    reply.put("SchemaVersionId", version.id());
    return reply;
  }

  private void settle(Version version) {
    if (version.status().equals(SchemaSet.PENDING) && !state.isHeld()) {
      version.settle();
    }
  }

  /** Returns the version that a request numbers, or the latest if it asks for that. */
  Version require(SchemaSet schema, JsonNode number) {
    boolean latest = number.path("LatestVersion").asBoolean();
    Version version =
        latest
            ? schema.versions().lastEntry().getValue()
            : schema.versions().get(number.path("VersionNumber").asInt());
    if (version == null) {
      throw AwsErrorException.notFound("Schema version is not found.");
    }
    return version;
  }

  /** Returns the definition of a request, which is a schema of Avro. */
  static String definition(ObjectNode body) {
    String definition = body.path("SchemaDefinition").asText("");
    if (definition.isBlank() || definition.length() > LONGEST_DEFINITION) {
      throw AwsErrorException.invalidInput(
          "The definition has " + definition.length() + " characters.");
    }
    try {
      SchemaSet.schema(definition);
    } catch (AvroRuntimeException e) {
      throw new AwsErrorException(
          "InvalidInputException", "Schema definition of AVRO data format is invalid.");
    }
    return definition;
  }
}
