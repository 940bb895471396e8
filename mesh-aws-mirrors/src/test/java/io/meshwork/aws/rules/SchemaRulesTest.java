package io.meshwork.aws.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.EmulatorFixture;
import io.meshwork.aws.GlueAccount;
import io.meshwork.aws.Policies;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.AccessDeniedException;
import software.amazon.awssdk.services.glue.model.AlreadyExistsException;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.InvalidInputException;
import software.amazon.awssdk.services.glue.model.RegisterSchemaVersionResponse;
import software.amazon.awssdk.services.glue.model.ResourceNumberLimitExceededException;
import software.amazon.awssdk.services.glue.model.SchemaId;
import software.amazon.awssdk.services.glue.model.SchemaStatus;
import software.amazon.awssdk.services.glue.model.SchemaVersionStatus;

/** Glue's Schema Registry on the emulator: names, checks of versions, metadata, and policies. */
class SchemaRulesTest extends EmulatorFixture {
  private static final SchemaId ID =
      SchemaId.builder().registryName("sales").schemaName("orders").build();

  private String account;
  private GlueClient glue;

  @BeforeEach
  void make() {
    account = GlueAccount.newAccount();
    glue = EmulatedClients.administrator(aws, account).glue();
    glue.createRegistry(create -> create.registryName("sales"));
    create("orders", "FULL");
  }

  private static String schema(String... fields) {
    return "{\"type\":\"record\",\"name\":\"Order\",\"fields\":[" + String.join(",", fields) + "]}";
  }

  private static String required(String name) {
    return "{\"name\":\"" + name + "\",\"type\":\"long\"}";
  }

  private static String optional(String name) {
    return "{\"name\":\"" + name + "\",\"type\":[\"null\",\"long\"],\"default\":null}";
  }

  private void create(String name, String mode) {
    glue.createSchema(
        create ->
            create
                .registryId(id -> id.registryName("sales"))
                .schemaName(name)
                .dataFormat("AVRO")
                .compatibility(mode)
                .schemaDefinition(schema(required("id"))));
  }

  private RegisterSchemaVersionResponse register(String definition) {
    return glue.registerSchemaVersion(add -> add.schemaId(ID).schemaDefinition(definition));
  }

  private SchemaVersionStatus status(long version) {
    return glue.getSchemaVersion(
            get -> get.schemaId(ID).schemaVersionNumber(v -> v.versionNumber(version)))
        .status();
  }

  private void checkpoint(long version) {
    glue.updateSchema(
        update -> update.schemaId(ID).schemaVersionNumber(v -> v.versionNumber(version)));
  }

  @Test
  void aNewVersionIsPendingUntilItsCheckEnds() {
    RegisterSchemaVersionResponse made = register(schema(required("id"), optional("note")));

    assertThat(made.status()).isEqualTo(SchemaVersionStatus.PENDING);
    assertThat(status(made.versionNumber())).isEqualTo(SchemaVersionStatus.AVAILABLE);
    assertThat(glue.getSchema(get -> get.schemaId(ID)).schemaCheckpoint()).isEqualTo(1);
    assertThat(glue.getSchema(get -> get.schemaId(ID)).latestSchemaVersion()).isEqualTo(2);
  }

  @Test
  void aVersionIsComparedWithTheCheckpoint() {
    register(schema(required("id"), optional("note")));
    assertThat(status(2)).isEqualTo(SchemaVersionStatus.AVAILABLE);
    register(schema(required("id"), required("note")));
    assertThat(status(3)).isEqualTo(SchemaVersionStatus.FAILURE);
    assertThatThrownBy(() -> checkpoint(3)).isInstanceOf(InvalidInputException.class);
    checkpoint(2);

    register(schema(required("id"), "{\"name\":\"note\",\"type\":\"long\",\"default\":0}"));

    // It cannot be read with version 2, whose null it lacks.
    assertThat(status(4)).isEqualTo(SchemaVersionStatus.FAILURE);
  }

  @Test
  void anEqualDefinitionIsTheSameVersion() {
    RegisterSchemaVersionResponse made = register(" " + schema(required("id")));

    assertThat(made.versionNumber()).isEqualTo(1);
    assertThat(made.status()).isEqualTo(SchemaVersionStatus.AVAILABLE);
  }

  @Test
  void aDisabledSchemaHasNoNewVersions() {
    create("frozen", "DISABLED");
    SchemaId frozen = SchemaId.builder().registryName("sales").schemaName("frozen").build();

    assertThatThrownBy(
            () ->
                glue.registerSchemaVersion(
                    add ->
                        add.schemaId(frozen)
                            .schemaDefinition(schema(required("id"), optional("note")))))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(
            () -> glue.updateSchema(update -> update.schemaId(frozen).compatibility("FULL")))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void namesAndDefinitionsHaveLimits() {
    assertThatThrownBy(() -> glue.createRegistry(create -> create.registryName("a b")))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> glue.createRegistry(create -> create.registryName("sales")))
        .isInstanceOf(AlreadyExistsException.class);
    assertThatThrownBy(() -> create("orders", "FULL")).isInstanceOf(AlreadyExistsException.class);
    assertThatThrownBy(() -> register("{\"type\":\"nothing\"}"))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> register("\"" + "x".repeat(170_000) + "\""))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> glue.getSchema(get -> get.schemaId(s -> s.registryName("none"))))
        .isInstanceOf(EntityNotFoundException.class);
  }

  @Test
  void aVersionHasTenPairsOfMetadata() {
    for (int i = 0; i < 10; i++) {
      put("contract", "1." + i);
    }

    assertThat(
            glue.querySchemaVersionMetadata(
                    query -> query.schemaId(ID).schemaVersionNumber(v -> v.versionNumber(1L)))
                .metadataInfoMap()
                .get("contract")
                .metadataValue())
        .isEqualTo("1.9");
    assertThatThrownBy(() -> put("contract", "2"))
        .isInstanceOf(ResourceNumberLimitExceededException.class);
    assertThatThrownBy(() -> put("a b", "2")).isInstanceOf(InvalidInputException.class);
  }

  private void put(String key, String value) {
    glue.putSchemaVersionMetadata(
        put ->
            put.schemaId(ID)
                .schemaVersionNumber(v -> v.versionNumber(1L))
                .metadataKeyValue(pair -> pair.metadataKey(key).metadataValue(value)));
  }

  @Test
  void aDeletedSchemaIsShownUntilItIsGone() {
    glue.deleteSchema(delete -> delete.schemaId(ID));

    assertThat(glue.getSchema(get -> get.schemaId(ID)).schemaStatus())
        .isEqualTo(SchemaStatus.DELETING);
    assertThatThrownBy(() -> glue.getSchema(get -> get.schemaId(ID)))
        .isInstanceOf(EntityNotFoundException.class);
  }

  @Test
  void policiesNameRegistriesAndSchemasAndDefinitionsNeedAll() {
    EmulatedClients admin = EmulatedClients.administrator(aws, account);
    admin.createRole(
        "reader",
        Policies.policy(
            "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\""
                + account
                + "\"},\"Action\":"
                + "\"sts:AssumeRole\"}"));
    String arn = "arn:aws:glue:" + aws.region() + ":" + account;
    admin.putRolePolicy(
        "reader",
        Policies.policy(
            "{\"Effect\":\"Allow\",\"Action\":[\"glue:GetSchema\"],\"Resource\":[\""
                + arn
                + ":registry/sales\",\""
                + arn
                + ":schema/sales/*\"]}"));
    GlueClient reader = admin.assuming("arn:aws:iam::" + account + ":role/reader").glue();

    assertThat(reader.getSchema(get -> get.schemaId(ID)).schemaName()).isEqualTo("orders");
    assertThatThrownBy(
            () ->
                reader.getSchemaVersion(
                    get -> get.schemaId(ID).schemaVersionNumber(v -> v.latestVersion(true))))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> reader.deleteSchema(delete -> delete.schemaId(ID)))
        .isInstanceOf(AccessDeniedException.class);
  }
}
