package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.testkit.aws.AwsEmulator.FaultRule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The Schema Registry and Data Quality fail at their calls, except the deletion of a registry or a
 * ruleset; the next run completes what is missing, and does nothing twice. Each build loses the
 * reply of some calls; the nightly tests also throttle, fail, and let tokens expire.
 */
class SchemaFaultsTest extends EmulatorFixture {
  private static final String PRODUCT = "plant/faulty";

  private GlueAccount account;
  private int versions;
  private int products;

  @BeforeEach
  void make() {
    account = GlueAccount.make(aws, config -> config.schemaRegistry().dataQuality());
  }

  @AfterEach
  void close() {
    if (account != null) {
      account.close();
    }
  }

  /** Runs the mirrors as another process: the limits of one may wait for the service. */
  private Mirrors.Report run() {
    try (Mesh mesh =
        AwsMesh.in(account.config, AwsLocal.role(account.account, "plant-etl")).open()) {
      return mesh.mirrors().commit();
    }
  }

  /** A call, and a change of the mesh that needs it. */
  private record ChangedCall(String operation, Runnable change) {}

  /** Runs the mirrors with a fault of an operation, and then without. */
  private void failAt(ChangedCall call, Consumer<FaultRule> fault) {
    String operation = call.operation();
    call.change().run();
    aws.reset();
    fault.accept(aws.on("glue", operation));
    assertThat(run().left()).as(operation).isNotEmpty();
    assertThat(aws.calls()).contains("glue:" + operation);
    aws.reset();
    assertThat(run().left()).as(operation).isEmpty();
    aws.reset();
    assertThat(run().isEmpty()).as(operation).isTrue();
    assertThat(account.writes()).as(operation).isEmpty();
  }

  /** Calls of a schema that changes, and of its rules. */
  private void walk(Consumer<FaultRule> fault) {
    failAt(new ChangedCall("CreateRegistry", () -> {}), fault);
    define();
    run();
    List<ChangedCall> calls = new ArrayList<>();
    for (String operation :
        List.of("CreateSchema", "PutSchemaVersionMetadata", "CreateDataQualityRuleset")) {
      calls.add(new ChangedCall(operation, this::define));
    }
    for (String operation :
        List.of(
            "GetRegistry",
            "ListSchemas",
            "GetSchema",
            "GetSchemaVersion",
            "QuerySchemaVersionMetadata",
            "GetDataQualityRuleset",
            "RegisterSchemaVersion",
            "PutSchemaVersionMetadata",
            "UpdateSchema")) {
      calls.add(new ChangedCall(operation, this::addColumn));
    }
    calls.add(new ChangedCall("RemoveSchemaVersionMetadata", this::addRule));
    calls.add(new ChangedCall("UpdateDataQualityRuleset", this::addRule));
    calls.add(new ChangedCall("UpdateRegistry", this::describe));
    FaultSample.of(calls).forEach(call -> failAt(call, fault));
    assertThat(account.mesh.mirrors().verify().findings()).isEmpty();
  }

  private static Contract contract(int columns, int rules) {
    SchemaBuilder.FieldAssembler<Schema> fields =
        SchemaBuilder.record("Faulty").fields().requiredLong("id");
    for (int i = 0; i < columns; i++) {
      fields.optionalString("c" + i);
    }
    Contract contract = Contract.of(fields.endRecord()).require(Rule.atLeast("id", 0));
    for (int i = 0; i < rules; i++) {
      contract = contract.require(Rule.notInSet("id", 1_000_000 + i).id("not" + i));
    }
    return contract;
  }

  private int columns;
  private int rules;

  private void define() {
    String name = ++products == 1 ? PRODUCT : PRODUCT + products;
    account.etl.defineProduct(name).contract(contract(0, 0)).commit();
  }

  private void addColumn() {
    columns++;
    amend();
  }

  private void addRule() {
    rules++;
    amend();
  }

  private void amend() {
    account.etl.amendContract(PRODUCT, contract(columns, rules)).because("x").commit();
  }

  private void describe() {
    account
        .etl
        .registerDomain(GlueAccount.DATABASE)
        .describedAs("Version " + ++versions)
        .ownedBy("plant@example.org")
        .accounts(account.account)
        .commit();
  }

  @Test
  void theNextRunCompletesARunWithLostReplies() {
    walk(FaultRule::loseReply);
  }

  @Test
  @Tag("nightly")
  void theNextRunCompletesARunThatFailedAtAnyCall() {
    for (Consumer<FaultRule> fault :
        List.<Consumer<FaultRule>>of(
            FaultRule::fail500, FaultRule::throttle, FaultRule::expireToken)) {
      close();
      make();
      columns = 0;
      rules = 0;
      products = 0;
      walk(fault);
    }
  }

  record Kelvin(long id, double kelvin) {}

  @Test
  void theNextRunCompletesARemoval() {
    run();
    account.retireFor(Contract.of(Kelvin.class));
    for (String operation : List.of("ListSchemaVersions", "DeleteSchema")) {
      aws.reset();
      aws.on("glue", operation).loseReply();
      run();
    }
    aws.reset();

    run();
    assertThat(run().isEmpty()).isTrue();
    assertThat(account.mesh.mirrors().verify().findings()).isEmpty();
  }

  @Test
  void aFailedSchemaDoesNotStopTheOthers() {
    define();
    for (int attempt = 1; attempt <= 3; attempt++) {
      aws.on("glue", "CreateSchema").nth(attempt).fail500();
    }

    assertThat(GlueAccount.codes(account.mirror().left()))
        .containsExactly(FindingCode.MIRROR_FAILED);
    aws.reset();
    assertThat(account.mirror().left()).isEmpty();
  }
}
