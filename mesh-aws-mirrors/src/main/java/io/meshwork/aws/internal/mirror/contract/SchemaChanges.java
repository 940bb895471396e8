package io.meshwork.aws.internal.mirror.contract;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.mirror.Mirror.ObjectChange;
import io.meshwork.internal.mirror.Mirror.ServiceCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.AlreadyExistsException;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.MetadataKeyValuePair;
import software.amazon.awssdk.services.glue.model.RegisterSchemaVersionResponse;
import software.amazon.awssdk.services.glue.model.SchemaVersionStatus;

/** The calls that change one registry. Used by one thread. */
final class SchemaChanges {
  /** The version that the command of a registration returned, in the shell of a person. */
  private static final String REGISTERED = "VersionNumber=$" + SchemaCommands.VARIABLE;

  /** How often the check of a new version is read before the next run continues. */
  private static final int MAX_READS = 5;

  private final SchemaRequests requests;
  private final SchemaCommands commands;
  private final String registry;

  SchemaChanges(SchemaRequests requests, SchemaCommands commands, String registry) {
    this.requests = requests;
    this.commands = commands;
    this.registry = registry;
  }

  /**
   * The version that new ones are compared with.
   *
   * @param number its number
   * @param content what the schema is
   */
  record Checkpoint(long number, SchemaContent content) {}

  /**
   * What a schema becomes on its way.
   *
   * @param content what it becomes
   * @param earlier contract versions that had the same definition before others replaced it
   */
  record PathStep(SchemaContent content, Set<String> earlier) {}

  ServiceCall registry(ObjectChange change) {
    if (change.wanted().isEmpty()) {
      return onRegistry(
          commands.deleteRegistry(registry),
          Verb.DELETE,
          "DeleteRegistry",
          glue ->
              glue.deleteRegistry(delete -> delete.registryId(id -> id.registryName(registry))));
    }
    String description =
        DocumentJson.parseObject("a registry", change.wanted().get().content())
            .path("Description")
            .asText();
    return change.actual().isEmpty()
        ? onRegistry(
            commands.createRegistry(registry, description),
            Verb.CREATE,
            "CreateRegistry",
            glue ->
                glue.createRegistry(
                    create -> create.registryName(registry).description(description)))
        : onRegistry(
            commands.updateRegistry(registry, description),
            Verb.UPDATE,
            "UpdateRegistry",
            glue ->
                glue.updateRegistry(
                    update ->
                        update
                            .registryId(id -> id.registryName(registry))
                            .description(description)));
  }

  private ServiceCall onRegistry(
      String command, Verb verb, String operation, Consumer<GlueClient> request) {
    return requests
        .calls()
        .call(
            command,
            SchemaRequests.action(verb, registry),
            "glue:" + operation,
            "registry/" + registry,
            request);
  }

  ServiceCall delete(String name) {
    return onSchema(
        commands.delete(registry, name),
        Verb.DELETE,
        "DeleteSchema",
        name,
        glue -> glue.deleteSchema(delete -> delete.schemaId(SchemaRequests.id(registry, name))));
  }

  /** The first version of a schema is its checkpoint. */
  List<ServiceCall> create(String name, SchemaContent wanted) {
    ServiceCall create =
        onSchema(
            commands.createSchema(registry, name, wanted),
            Verb.CREATE,
            "CreateSchema",
            name,
            glue ->
                glue.createSchema(
                    make ->
                        make.registryId(id -> id.registryName(registry))
                            .schemaName(name)
                            .dataFormat("AVRO")
                            .compatibility(wanted.compatibility())
                            .description(wanted.description())
                            .schemaDefinition(wanted.schema())));
    return List.of(create, put(name, new AtomicLong(1), "VersionNumber=1", wanted.contract()));
  }

  /**
   * Moves a schema along a path of contents. The checkpoint, mode, and description of each content
   * are set by one call, after its version exists.
   *
   * @param path begins with the content of the checkpoint, or with another one that follows it. A
   *     definition that the schema had before has its version already, which Glue returns
   */
  List<ServiceCall> change(String name, Checkpoint from, List<PathStep> path) {
    List<ServiceCall> calls = new ArrayList<>();
    SchemaContent before = from.content();
    AtomicLong number = new AtomicLong(from.number());
    String version = "VersionNumber=" + from.number();
    for (PathStep step : path) {
      SchemaContent next = step.content();
      boolean isNew = !next.hasDefinitionOf(before);
      if (isNew) {
        SchemaContent checkpoint = before;
        number = new AtomicLong();
        version = REGISTERED;
        calls.add(register(name, checkpoint, next, number));
      }
      Set<String> labels = isNew ? step.earlier() : before.contracts();
      calls.addAll(label(name, number, version, labels, next.contract()));
      if (isNew || !next.hasSettingsOf(before)) {
        calls.add(update(name, number, version, next));
      }
      before = next;
    }
    return calls;
  }

  private ServiceCall register(
      String name, SchemaContent checkpoint, SchemaContent next, AtomicLong number) {
    return onSchema(
        commands.register(registry, name, next),
        Verb.UPDATE,
        "RegisterSchemaVersion",
        name,
        glue -> {
          RegisterSchemaVersionResponse registered =
              glue.registerSchemaVersion(
                  add ->
                      add.schemaId(SchemaRequests.id(registry, name))
                          .schemaDefinition(next.schema()));
          number.set(registered.versionNumber());
          requireAvailable(name, registered, checkpoint, next);
        });
  }

  /** Glue checks a version after its registration. */
  private void requireAvailable(
      String name,
      RegisterSchemaVersionResponse registered,
      SchemaContent checkpoint,
      SchemaContent next) {
    SchemaVersionStatus status = registered.status();
    for (int reads = 0; status == SchemaVersionStatus.PENDING && reads < MAX_READS; reads++) {
      status = requests.version(registry, name, registered.versionNumber()).status();
    }
    MeshAction action = SchemaRequests.action(Verb.UPDATE, name);
    if (status == SchemaVersionStatus.PENDING) {
      throw Failure.of(action)
          .because("Glue still checks version " + registered.versionNumber())
          .state("The checkpoint stays where it is; the next run continues.")
          .fix("Run the mirrors again.")
          .passing(ErrorCode.BACKEND_FAILED);
    }
    if (status != SchemaVersionStatus.AVAILABLE) {
      throw Failure.of(action)
          .because(
              SchemaRejection.reason(registered.versionNumber(), checkpoint, next.definition()))
          .fix(
              SchemaRejection.fix(
                  commands.deleteVersion(registry, name, registered.versionNumber())))
          .lasting(ErrorCode.BACKEND_FAILED);
    }
  }

  /**
   * Replaces the contract versions in the metadata of a version. The new one comes first: after an
   * interruption, the metadata still shows where on its path the schema is.
   */
  private List<ServiceCall> label(
      String name, AtomicLong number, String version, Set<String> before, String contract) {
    List<ServiceCall> calls = new ArrayList<>();
    Set<String> old = new TreeSet<>(before);
    boolean isLabelled = old.remove(contract);
    if (!isLabelled) {
      calls.add(put(name, number, version, contract));
    }
    old.forEach(oldContract -> calls.add(remove(name, number, version, oldContract)));
    return calls;
  }

  private ServiceCall put(String name, AtomicLong number, String version, String contract) {
    return onSchema(
        commands.putMetadata(registry, name, version, contract),
        Verb.UPDATE,
        "PutSchemaVersionMetadata",
        name,
        glue -> {
          try {
            glue.putSchemaVersionMetadata(
                put ->
                    put.schemaId(SchemaRequests.id(registry, name))
                        .schemaVersionNumber(
                            schemaVersion -> schemaVersion.versionNumber(number.get()))
                        .metadataKeyValue(pair(contract)));
          } catch (AlreadyExistsException e) {
            // An earlier attempt took effect.
          }
        });
  }

  private ServiceCall remove(String name, AtomicLong number, String version, String contract) {
    return onSchema(
        commands.removeMetadata(registry, name, version, contract),
        Verb.UPDATE,
        "RemoveSchemaVersionMetadata",
        name,
        glue -> {
          try {
            glue.removeSchemaVersionMetadata(
                remove ->
                    remove
                        .schemaId(SchemaRequests.id(registry, name))
                        .schemaVersionNumber(
                            schemaVersion -> schemaVersion.versionNumber(number.get()))
                        .metadataKeyValue(pair(contract)));
          } catch (EntityNotFoundException e) {
            // An earlier attempt took effect.
          }
        });
  }

  private static MetadataKeyValuePair pair(String contract) {
    return MetadataKeyValuePair.builder()
        .metadataKey(SchemaImages.CONTRACT)
        .metadataValue(contract)
        .build();
  }

  private ServiceCall update(String name, AtomicLong number, String version, SchemaContent next) {
    return onSchema(
        commands.update(registry, name, version, next),
        Verb.UPDATE,
        "UpdateSchema",
        name,
        glue ->
            glue.updateSchema(
                update ->
                    update
                        .schemaId(SchemaRequests.id(registry, name))
                        .schemaVersionNumber(
                            schemaVersion -> schemaVersion.versionNumber(number.get()))
                        .compatibility(next.compatibility())
                        .description(next.description())));
  }

  private ServiceCall onSchema(
      String command, Verb verb, String operation, String name, Consumer<GlueClient> request) {
    return requests
        .calls()
        .call(
            command,
            SchemaRequests.action(verb, name),
            "glue:" + operation,
            SchemaRequests.resource(registry, name),
            request);
  }
}
