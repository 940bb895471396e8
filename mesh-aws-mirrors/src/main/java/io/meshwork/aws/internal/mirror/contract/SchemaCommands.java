package io.meshwork.aws.internal.mirror.contract;

import io.meshwork.aws.internal.mirror.glue.RequestJson;

/**
 * The commands of the AWS CLI with which an administrator changes Glue's Schema Registry.
 *
 * @param region the region
 */
record SchemaCommands(String region) {
  /** The variable of the shell with the number of the version that was registered last. */
  static final String VARIABLE = "schema_version";

  String createRegistry(String name, String description) {
    return command("create-registry") + " --registry-name " + name + description(description);
  }

  String updateRegistry(String name, String description) {
    return command("update-registry") + registry(name) + description(description);
  }

  String deleteRegistry(String name) {
    return command("delete-registry") + registry(name);
  }

  String createSchema(String registry, String name, SchemaContent wanted) {
    return command("create-schema")
        + registry(registry)
        + " --schema-name "
        + name
        + " --data-format AVRO --compatibility "
        + wanted.compatibility()
        + description(wanted.description())
        + definition(wanted);
  }

  /**
   * Registers a definition, or finds its version, and stores the number for the commands that
   * follow in the same shell: the latest version can be another one.
   */
  String register(String registry, String name, SchemaContent wanted) {
    return VARIABLE
        + "=$("
        + command("register-schema-version")
        + schema(registry, name)
        + definition(wanted)
        + " --query VersionNumber --output text)";
  }

  String putMetadata(String registry, String name, String version, String contract) {
    return metadata("put", registry, name, version, contract);
  }

  String removeMetadata(String registry, String name, String version, String contract) {
    return metadata("remove", registry, name, version, contract);
  }

  private String metadata(
      String verb, String registry, String name, String version, String contract) {
    return command(verb + "-schema-version-metadata")
        + schema(registry, name)
        + " --schema-version-number "
        + version
        + " --metadata-key-value MetadataKey="
        + SchemaImages.CONTRACT
        + ",MetadataValue="
        + contract;
  }

  String update(String registry, String name, String version, SchemaContent wanted) {
    return command("update-schema")
        + schema(registry, name)
        + " --schema-version-number "
        + version
        + " --compatibility "
        + wanted.compatibility()
        + description(wanted.description());
  }

  String delete(String registry, String name) {
    return command("delete-schema") + schema(registry, name);
  }

  String deleteVersion(String registry, String name, long version) {
    return command("delete-schema-versions") + schema(registry, name) + " --versions " + version;
  }

  private String command(String operation) {
    return "aws glue " + operation + " --region " + region;
  }

  private static String registry(String name) {
    return " --registry-id RegistryName=" + name;
  }

  private static String schema(String registry, String name) {
    return " --schema-id RegistryName=" + registry + ",SchemaName=" + name;
  }

  private static String description(String text) {
    return " --description " + RequestJson.quoted(text);
  }

  private static String definition(SchemaContent wanted) {
    return " --schema-definition " + RequestJson.quoted(wanted.schema());
  }
}
