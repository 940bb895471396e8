package io.meshwork.aws.internal.mirror.contract;

import io.meshwork.aws.internal.mirror.glue.GlueCalls;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.GetSchemaResponse;
import software.amazon.awssdk.services.glue.model.GetSchemaVersionResponse;
import software.amazon.awssdk.services.glue.model.ListSchemaVersionsResponse;
import software.amazon.awssdk.services.glue.model.ListSchemasResponse;
import software.amazon.awssdk.services.glue.model.MetadataInfo;
import software.amazon.awssdk.services.glue.model.RegistryStatus;
import software.amazon.awssdk.services.glue.model.SchemaId;
import software.amazon.awssdk.services.glue.model.SchemaStatus;
import software.amazon.awssdk.services.glue.model.SchemaVersionStatus;

/** Requests to Glue's Schema Registry. Used by one thread. */
final class SchemaRequests {
  private final GlueCalls calls;

  SchemaRequests(GlueCalls calls) {
    this.calls = calls;
  }

  GlueCalls calls() {
    return calls;
  }

  static SchemaId id(String registry, String name) {
    return SchemaId.builder().registryName(registry).schemaName(name).build();
  }

  static String resource(String registry, String name) {
    return "schema/" + registry + "/" + name;
  }

  static MeshAction action(Verb verb, String name) {
    return MeshAction.of(verb, name + " in Glue's Schema Registry");
  }

  /** Returns the description of a registry; empty if it does not exist, or is being deleted. */
  Optional<String> registry(String name) {
    return calls
        .find(
            action(Verb.READ, name),
            "glue:GetRegistry",
            "registry/" + name,
            glue -> glue.getRegistry(get -> get.registryId(id -> id.registryName(name))))
        .filter(registry -> registry.status() != RegistryStatus.DELETING)
        .map(registry -> registry.description() == null ? "" : registry.description());
  }

  /** Returns the names of the schemas of a registry that exists. */
  List<String> schemas(String registry) {
    List<String> names = new ArrayList<>();
    String next = null;
    do {
      @Nullable String token = next;
      Optional<ListSchemasResponse> page =
          calls.find(
              action(Verb.LIST, registry),
              "glue:ListSchemas",
              "registry/" + registry,
              glue ->
                  glue.listSchemas(
                      list -> list.registryId(id -> id.registryName(registry)).nextToken(token)));
      page.ifPresent(
          schemas ->
              schemas.schemas().stream()
                  .filter(schema -> schema.schemaStatus() != SchemaStatus.DELETING)
                  .forEach(schema -> names.add(schema.schemaName())));
      next = page.map(ListSchemasResponse::nextToken).orElse(null);
    } while (next != null);
    return names;
  }

  Optional<GetSchemaResponse> schema(String registry, String name) {
    return calls.find(
        action(Verb.READ, name),
        "glue:GetSchema",
        resource(registry, name),
        glue -> glue.getSchema(get -> get.schemaId(id(registry, name))));
  }

  GetSchemaVersionResponse version(String registry, String name, long number) {
    return send(
        Verb.READ,
        "GetSchemaVersion",
        registry,
        name,
        glue ->
            glue.getSchemaVersion(
                get ->
                    get.schemaId(id(registry, name))
                        .schemaVersionNumber(version -> version.versionNumber(number))));
  }

  /** Returns the numbers of all versions that readers can use. */
  List<Long> available(String registry, String name) {
    List<Long> numbers = new ArrayList<>();
    String next = null;
    do {
      @Nullable String token = next;
      ListSchemaVersionsResponse page =
          send(
              Verb.LIST,
              "ListSchemaVersions",
              registry,
              name,
              glue ->
                  glue.listSchemaVersions(
                      list -> list.schemaId(id(registry, name)).nextToken(token)));
      page.schemas().stream()
          .filter(version -> version.status() == SchemaVersionStatus.AVAILABLE)
          .forEach(version -> numbers.add(version.versionNumber()));
      next = page.nextToken();
    } while (next != null);
    return numbers;
  }

  /** Returns the contract versions in the metadata of a version. */
  Set<String> contracts(String registry, String name, long number) {
    MetadataInfo metadata =
        send(
                Verb.READ,
                "QuerySchemaVersionMetadata",
                registry,
                name,
                glue ->
                    glue.querySchemaVersionMetadata(
                        query ->
                            query
                                .schemaId(id(registry, name))
                                .schemaVersionNumber(version -> version.versionNumber(number))))
            .metadataInfoMap()
            .get(SchemaImages.CONTRACT);
    Set<String> contracts = new TreeSet<>();
    if (metadata != null) {
      contracts.add(metadata.metadataValue());
      metadata.otherMetadataValueList().forEach(value -> contracts.add(value.metadataValue()));
    }
    return contracts;
  }

  private <R> R send(
      Verb verb, String operation, String registry, String name, Function<GlueClient, R> request) {
    return calls.send(action(verb, name), "glue:" + operation, resource(registry, name), request);
  }
}
