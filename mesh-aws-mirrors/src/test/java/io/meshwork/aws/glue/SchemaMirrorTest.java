package io.meshwork.aws.glue;

import static io.meshwork.aws.GlueAccount.FIRST;
import static io.meshwork.aws.GlueAccount.KELVIN;
import static io.meshwork.aws.GlueAccount.READINGS;
import static io.meshwork.aws.GlueAccount.TABLE;
import static io.meshwork.aws.GlueAccount.WITH_NOTE;
import static io.meshwork.aws.GlueAccount.codes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsLocal;
import io.meshwork.aws.EmulatorFixture;
import io.meshwork.aws.GlueAccount;
import io.meshwork.aws.MeshNames;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.testkit.aws.SchemaChecks;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.GetSchemaResponse;
import software.amazon.awssdk.services.glue.model.MetadataInfo;
import software.amazon.awssdk.services.glue.model.SchemaId;

/** Glue's Schema Registry shows contracts, and others keep what is theirs. */
class SchemaMirrorTest extends EmulatorFixture {
  record Rating(Optional<Long> rating) {}

  private static final Contract WITH_RATING = WITH_NOTE.addColumns(Contract.of(Rating.class));

  private GlueAccount account;

  @BeforeEach
  void make() {
    account = GlueAccount.make(aws, AwsConfig::schemaRegistry);
  }

  @AfterEach
  void close() {
    SchemaChecks.release(aws);
    if (account != null) {
      account.close();
    }
  }

  private String registry() {
    return "mesh-" + MeshNames.meshName(account.config) + ".plant";
  }

  private SchemaId id() {
    return SchemaId.builder().registryName(registry()).schemaName(TABLE).build();
  }

  private GetSchemaResponse schema() {
    return account.glue.getSchema(get -> get.schemaId(id()));
  }

  private Schema definition(long version) {
    return parse(
        account
            .glue
            .getSchemaVersion(
                get -> get.schemaId(id()).schemaVersionNumber(v -> v.versionNumber(version)))
            .schemaDefinition());
  }

  private static Schema parse(String definition) {
    return new Schema.Parser().parse(definition);
  }

  private String contract(long version) {
    return account
        .glue
        .querySchemaVersionMetadata(
            query -> query.schemaId(id()).schemaVersionNumber(v -> v.versionNumber(version)))
        .metadataInfoMap()
        .get("meshwork.contract")
        .metadataValue();
  }

  private List<String> contracts(long version) {
    MetadataInfo found =
        account
            .glue
            .querySchemaVersionMetadata(
                query -> query.schemaId(id()).schemaVersionNumber(v -> v.versionNumber(version)))
            .metadataInfoMap()
            .get("meshwork.contract");
    return Stream.concat(
            Stream.of(found.metadataValue()),
            found.otherMetadataValueList().stream().map(other -> other.metadataValue()))
        .toList();
  }

  private void amend(Contract contract) {
    account.etl.amendContract(READINGS, contract).because("x").commit();
  }

  private void register(Schema definition) {
    account.glue.registerSchemaVersion(
        add -> add.schemaId(id()).schemaDefinition(definition.toString()));
    account.glue.listSchemaVersions(list -> list.schemaId(id())); // Its check ends.
  }

  private Finding only(Mirrors.Report report) {
    assertThat(report.remaining()).hasSize(1);
    return report.remaining().get(0);
  }

  @Test
  void aContractIsTheFirstVersionOfASchema() {
    Mirrors.Report report = account.mirror();

    assertThat(report.remaining()).isEmpty();
    assertThat(report.done()).containsKey("schemas in " + account.account);
    GetSchemaResponse schema = schema();
    assertThat(schema.compatibilityAsString()).isEqualTo("FULL");
    assertThat(schema.dataFormatAsString()).isEqualTo("AVRO");
    assertThat(schema.description())
        .isEqualTo("plant/readings, major version 1: Degrees of the sensors");
    assertThat(schema.schemaCheckpoint()).isEqualTo(1);
    assertThat(definition(1)).isEqualTo(FIRST.schema());
    assertThat(contract(1)).isEqualTo("1.0.0");
    assertThat(
            account
                .glue
                .getRegistry(get -> get.registryId(id -> id.registryName(registry())))
                .description())
        .isEqualTo("Contracts of the domain plant: What the plant measures");
    aws.reset();
    assertThat(account.mirror().isEmpty()).isTrue();
    assertThat(account.writes()).isEmpty();
    assertThat(account.mesh.mirrors().verify().findings()).isEmpty();
  }

  @Test
  void eachMinorVersionSinceTheLastRunIsRegistered() {
    account.mirror();
    amend(WITH_NOTE);
    amend(WITH_RATING);

    assertThat(account.mirror().remaining()).isEmpty();

    assertThat(schema().schemaCheckpoint()).isEqualTo(3);
    assertThat(definition(2)).isEqualTo(WITH_NOTE.schema());
    assertThat(definition(3)).isEqualTo(WITH_RATING.schema());
    assertThat(List.of(contract(1), contract(2), contract(3)))
        .containsExactly("1.0.0", "1.1.0", "1.2.0");
    assertThat(account.mirror().isEmpty()).isTrue();
  }

  @Test
  void aVersionWithoutAnotherSchemaOnlyChangesTheMetadata() {
    account.mirror();
    amend(FIRST.require(Rule.atLeast("id", 0)));
    aws.reset();

    assertThat(account.mirror().remaining()).isEmpty();

    assertThat(account.writes())
        .contains("glue:RemoveSchemaVersionMetadata", "glue:PutSchemaVersionMetadata")
        .doesNotContain("glue:RegisterSchemaVersion", "glue:UpdateSchema");
    assertThat(contract(1)).isEqualTo("1.1.0");
    assertThat(account.mesh.mirrors().verify().findings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PutSchemaVersionMetadata", "RemoveSchemaVersionMetadata"})
  void metadataOfAnInterruptedRunIsCompletedBeforeTheNextVersion(String operation) {
    account.mirror();
    amend(FIRST.require(Rule.atLeast("id", 0)));
    amend(WITH_NOTE.require(Rule.atLeast("id", 0)));
    aws.on("glue", operation).loseReply();
    try (Mesh other = AwsLocal.quick(account.config, account.account, "plant-etl").open()) {
      assertThat(codes(other.mirrors().commit().remaining()))
          .containsExactly(FindingCode.MIRROR_FAILED);
    }
    aws.reset();

    assertThat(account.mirror().remaining()).isEmpty();

    assertThat(List.of(contracts(1), contracts(2)))
        .containsExactly(List.of("1.1.0"), List.of("1.2.0"));
    assertThat(account.mirror().isEmpty()).isTrue();
  }

  @Test
  void theModeOfTheContractIsThatOfTheSchemaButNeverTransitive() {
    account.mirror();
    Map<Compatibility, String> modes =
        Map.of(
            Compatibility.NONE, "NONE",
            Compatibility.BACKWARD, "BACKWARD",
            Compatibility.BACKWARD_TRANSITIVE, "BACKWARD",
            Compatibility.FORWARD, "FORWARD",
            Compatibility.FORWARD_TRANSITIVE, "FORWARD",
            Compatibility.FULL, "FULL");
    modes.forEach(
        (contract, glue) -> {
          amend(FIRST.compatibility(contract));

          assertThat(account.mirror().remaining()).as(contract.name()).isEmpty();

          assertThat(schema().compatibilityAsString()).as(contract.name()).isEqualTo(glue);
        });
    assertThat(schema().schemaCheckpoint()).isEqualTo(1);
  }

  @Test
  void aRejectedVersionIsAnErrorWithItsReason() {
    account.mirror();
    amend(WITH_NOTE);
    SchemaChecks.failNext(aws);

    Finding failed = only(account.mirror());

    assertThat(failed.code()).isEqualTo(FindingCode.MIRROR_FAILED);
    assertThat(failed.what())
        .contains("version 2", "FAILURE", "FULL", "contract version 1.0.0", "gives no reason");
    assertThat(schema().schemaCheckpoint()).isEqualTo(1);
    Finding verified = account.mesh.mirrors().verify().findings().get(0);
    assertThat(verified.code()).isEqualTo(FindingCode.SCHEMA_REJECTED);
    assertThat(verified.where()).isEqualTo("schemas plant/readings_v1 in " + account.account);
    assertThat(verified.fix())
        .contains("aws glue delete-schema-versions", registry(), "--versions 2");
    assertThat(codes(account.mirror().remaining())).containsExactly(FindingCode.SCHEMA_REJECTED);

    account.glue.deleteSchemaVersions(delete -> delete.schemaId(id()).versions("2"));
    assertThat(account.mirror().remaining()).isEmpty();
    assertThat(schema().schemaCheckpoint()).isEqualTo(3);
  }

  @Test
  void aPendingVersionIsCompletedByTheNextRun() {
    account.mirror();
    amend(WITH_NOTE);
    SchemaChecks.hold(aws);

    assertThat(only(account.mirror()).what()).contains("still checks version 2");
    assertThat(codes(account.mesh.mirrors().verify().findings())).isEmpty();

    SchemaChecks.release(aws);
    assertThat(account.mirror().remaining()).isEmpty();
    assertThat(schema().schemaCheckpoint()).isEqualTo(2);
    assertThat(contract(2)).isEqualTo("1.1.0");
  }

  @Test
  void whatOthersChangedIsRestoredByARepairOnly() {
    account.mirror();
    account.glue.updateSchema(
        update ->
            update
                .schemaId(id())
                .schemaVersionNumber(v -> v.latestVersion(true))
                .compatibility("NONE"));
    account.glue.updateRegistry(
        update -> update.registryId(r -> r.registryName(registry())).description("Mine"));

    assertThat(codes(account.mirror().remaining()))
        .containsExactly(FindingCode.MIRROR_CHANGED, FindingCode.MIRROR_CHANGED);
    assertThat(account.repair().total(Work.RESTORED)).isEqualTo(2);
    assertThat(schema().compatibilityAsString()).isEqualTo("FULL");
    assertThat(account.mirror().isEmpty()).isTrue();
  }

  @Test
  void aCheckpointThatOthersMovedIsMovedBackByARepairOnly() {
    account.mirror();
    amend(WITH_NOTE);
    account.mirror();
    account.glue.updateSchema(
        update -> update.schemaId(id()).schemaVersionNumber(v -> v.versionNumber(1L)));

    assertThat(codes(account.mirror().remaining())).containsExactly(FindingCode.MIRROR_CHANGED);
    assertThat(schema().schemaCheckpoint()).isEqualTo(1);
    assertThat(account.repair().total(Work.RESTORED)).isEqualTo(1);
    assertThat(schema().schemaCheckpoint()).isEqualTo(2);
    assertThat(contract(1)).isEqualTo("1.0.0");
    assertThat(account.mesh.mirrors().verify().findings()).isEmpty();
  }

  @Test
  void whatOthersDeletedIsMadeAgain() {
    account.mirror();
    account.glue.deleteSchema(delete -> delete.schemaId(id()));
    schema(); // It is gone now.

    assertThat(codes(account.mesh.mirrors().verify().findings()))
        .containsExactly(FindingCode.MIRROR_MISSING);
    assertThat(account.mirror().total(Work.MADE)).isEqualTo(1);
    assertThat(contract(1)).isEqualTo("1.0.0");
  }

  @Test
  void whatOthersRegisteredStays() {
    account.mirror();
    Schema foreign =
        SchemaBuilder.record("SensorReading")
            .namespace(definition(1).getNamespace())
            .fields()
            .requiredLong("id")
            .requiredDouble("degrees")
            .optionalString("mine")
            .endRecord();
    register(foreign);
    account.glue.createSchema(
        create ->
            create
                .registryId(r -> r.registryName(registry()))
                .schemaName("strange")
                .dataFormat("AVRO")
                .compatibility("NONE")
                .schemaDefinition(foreign.toString()));

    assertThat(account.mesh.mirrors().verify().findings())
        .allMatch(finding -> finding.severity() == Finding.Severity.NOTE)
        .extracting(Finding::where)
        .containsExactlyInAnyOrder(
            "schemas plant/readings_v1/2 in " + account.account,
            "schemas plant/strange in " + account.account);
    account.retireFor(KELVIN);

    assertThat(account.repair().remaining())
        .filteredOn(finding -> finding.severity() == Finding.Severity.WARNING)
        .singleElement()
        .satisfies(finding -> assertThat(finding.what()).contains("version 2"));
    assertThat(definition(2)).isEqualTo(foreign);
  }

  @Test
  void aVersionOfOthersThatIsNotAJsonObjectStays() {
    account.mirror();
    register(Schema.create(Schema.Type.STRING)); // Its check fails.
    assertThat(account.mirror().remaining()).isEmpty();
    register(Schema.createUnion(definition(1)));

    assertThat(account.mesh.mirrors().verify().findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.MIRROR_FOREIGN);
              assertThat(finding.where()).contains("readings_v1/3");
            });
    account.glue.updateSchema(
        update -> update.schemaId(id()).schemaVersionNumber(v -> v.versionNumber(3L)));

    assertThat(codes(account.mirror().remaining())).containsExactly(FindingCode.MIRROR_CHANGED);
    assertThat(account.repair().total(Work.RESTORED)).isEqualTo(1);
    assertThat(schema().schemaCheckpoint()).isEqualTo(1);
  }

  @Test
  void aContractThatReturnsToAnEarlierSchemaReturnsToItsVersion() {
    account.mirror();
    Schema first = definition(1);
    amend(Contract.of(parse(first.toString().replaceFirst("\\{", "{\"doc\":\"Other\","))));
    account.mirror();
    amend(Contract.of(first));

    assertThat(account.mirror().remaining()).isEmpty();

    assertThat(schema().schemaCheckpoint()).isEqualTo(1);
    assertThat(schema().latestSchemaVersion()).isEqualTo(2);
    assertThat(List.of(contracts(1), contracts(2)))
        .containsExactly(List.of("1.0.2"), List.of("1.0.1"));
    aws.reset();
    assertThat(account.mirror().isEmpty()).isTrue();
    assertThat(account.mesh.mirrors().verify().findings()).isEmpty();
  }

  @Test
  void aVersionOfTheMeshWithoutMetadataIsNotThatOfOthers() {
    account.mirror();
    amend(WITH_NOTE);
    account.mirror();
    account.glue.removeSchemaVersionMetadata(
        remove ->
            remove
                .schemaId(id())
                .schemaVersionNumber(v -> v.versionNumber(1L))
                .metadataKeyValue(
                    pair -> pair.metadataKey("meshwork.contract").metadataValue("1.0.0")));
    account.retireFor(KELVIN);

    assertThat(account.mirror().remaining()).isEmpty();

    schema(); // It is gone now.
    assertThatThrownBy(this::schema).isInstanceOf(EntityNotFoundException.class);
  }

  @Test
  void eachMajorVersionHasASchemaUntilItIsRetired() {
    account.mirror();
    account.retireFor(KELVIN);

    assertThat(account.mirror().remaining()).isEmpty();

    schema(); // It is gone now.
    assertThatThrownBy(this::schema).isInstanceOf(EntityNotFoundException.class);
    assertThat(
            account
                .glue
                .getSchema(
                    get -> get.schemaId(s -> s.registryName(registry()).schemaName("readings_v2")))
                .schemaCheckpoint())
        .isEqualTo(1);
    assertThat(account.mirror().isEmpty()).isTrue();
  }

  @Test
  void aRegistryThatOthersMadeStaysTheirs() {
    account.glue.createRegistry(create -> create.registryName(registry()));

    Mirrors.Report report = account.mirror();

    assertThat(only(report).code()).isEqualTo(FindingCode.MIRROR_FOREIGN);
    assertThatThrownBy(this::schema).isInstanceOf(EntityNotFoundException.class);
  }

  @Test
  void aSchemaThatIsTooLongIsNotMirrored() {
    Schema large =
        SchemaBuilder.record("Large")
            .doc("x".repeat(170_000))
            .fields()
            .requiredLong("id")
            .endRecord();
    account.etl.defineProduct("plant/large").contract(Contract.of(large)).commit();

    Finding finding = only(account.mirror());

    assertThat(finding.code()).isEqualTo(FindingCode.MIRROR_LIMIT);
    assertThat(finding.what()).contains("170000", "1.0.0");
    assertThat(schema().schemaCheckpoint()).isEqualTo(1);
  }
}
