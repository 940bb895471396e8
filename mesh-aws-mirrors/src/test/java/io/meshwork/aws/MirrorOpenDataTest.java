package io.meshwork.aws;

import static io.meshwork.aws.OpenDataAccounts.ORDERS;
import static io.meshwork.aws.OpenDataAccounts.PRICES;
import static io.meshwork.aws.OpenDataAccounts.codes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.aws.OpenDataAccounts.Price;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.operation.Plan;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All accounts of an organization read the files of open products, and no others. */
class MirrorOpenDataTest extends EmulatorFixture {
  private static final String SID = "\"Sid\":\"MeshOpenDatacommerce\"";

  /** A statement of others, with spaces that a program would not write. */
  private static final String THEIRS =
      """
      { "Sid" : "Theirs",  "Effect": "Deny", "Principal": "*",
          "Action": "s3:DeleteBucket", "Resource": "*" }\
      """;

  /** Used by tests that change the policy of the bucket only. */
  private static OpenDataAccounts shared;

  private static String sharedPolicy = "";

  private OpenDataAccounts accounts;

  @BeforeAll
  static void start() {
    shared = OpenDataAccounts.make(aws);
    sharedPolicy = shared.policy();
  }

  @AfterAll
  static void stop() {
    if (shared != null) { // null if the emulator is missing
      shared.close();
    }
  }

  @BeforeEach
  void useSharedAccounts() {
    accounts = shared;
  }

  @AfterEach
  void close() {
    if (accounts != shared) {
      accounts.close();
      return;
    }
    aws.reset();
    accounts.putPolicy(sharedPolicy);
    accounts.mirror(accounts.closed);
    aws.reset();
  }

  /** For tests that change the mesh or its roles. */
  private void useOwnAccounts() {
    accounts = OpenDataAccounts.make(aws);
  }

  private static long count(String call) {
    return aws.calls().stream().filter(call::equals).count();
  }

  @Test
  void anAccountOfTheOrganizationReadsTheFilesOfTheOpenProductOnly() {
    useOwnAccounts();
    accounts.publishPartlyOpen("commerce/people");
    Mirrors.Report report = accounts.mirror();

    assertThat(codes(report.remaining())).containsExactly(FindingCode.OPEN_FILES_WITHHELD);
    assertThat(report.remaining().get(0).where()).isEqualTo("commerce/people v1");
    assertThat(report.byHand()).isEmpty();
    AwsPolicies policies = AwsPolicies.of(accounts.config);
    EmulatedClients reader =
        accounts.createRole(accounts.finance, "mesh-reader", policies.openReader(accounts.finance));
    EmulatedClients stranger =
        accounts.createRole(accounts.stranger, "mesh-reader", Policies.allow("s3:GetObject", "*"));
    assertThat(accounts.reads(reader, "prices_v1")).isTrue();
    assertThat(accounts.reads(reader, "orders_v1")).isFalse();
    assertThat(accounts.reads(reader, "people_v1")).isFalse();
    assertThat(accounts.reads(stranger, "prices_v1")).isFalse();
    assertThat(accounts.reads(accounts.administrator(accounts.stranger), "prices_v1")).isFalse();
    assertThat(accounts.reads(accounts.administrator(accounts.finance), "orders_v1")).isFalse();
    assertFilesStayClosedAfterDeclassification();
  }

  @Test
  void theFilesOfAnOpenProductAreClosedWhileItsReadsAreSuspended() {
    useOwnAccounts();
    accounts.mirror();
    EmulatedClients reader =
        accounts.createRole(
            accounts.finance,
            "mesh-reader",
            AwsPolicies.of(accounts.config).openReader(accounts.finance));
    assertThat(accounts.reads(reader, "prices_v1")).isTrue();

    accounts.as("etl").governance().suspendReads(PRICES).because("Amounts lack taxes").commit();
    accounts.mirror();
    assertThat(accounts.reads(reader, "prices_v1")).isFalse();

    accounts.as("etl").governance().resumeReads(PRICES).commit();
    accounts.mirror();
    assertThat(accounts.reads(reader, "prices_v1")).isTrue();
  }

  /** The files have values of the time when the column was protected. */
  private void assertFilesStayClosedAfterDeclassification() {
    for (String decider : List.of("etl", "steward")) {
      accounts
          .as(decider)
          .amendContract("commerce/people", Contract.of(Price.class))
          .declassify("amount")
          .because("It is public now")
          .commit();
    }

    assertThat(codes(accounts.mirror().remaining()))
        .containsExactly(FindingCode.OPEN_FILES_WITHHELD);

    assertThat(accounts.policy()).doesNotContain("people_v1");
  }

  @Test
  void aReaderInTheAccountOfTheOwnerReadsTheOpenProductOnly() {
    accounts.mirror();
    EmulatedClients reader =
        accounts.createRole(
            accounts.commerce,
            "mesh-reader",
            AwsPolicies.of(accounts.config).openReader(accounts.commerce));

    assertThat(accounts.reads(reader, "prices_v1")).isTrue();
    assertThat(accounts.reads(reader, "orders_v1")).isFalse();
  }

  @Test
  void aProcessOfTheStandingReaderReadsTheOpenProduct() {
    accounts.mirror();
    accounts.createRole(
        accounts.finance,
        "mesh-reader",
        AwsPolicies.of(accounts.config).openReader(accounts.finance));

    try (Mesh mesh =
            AwsMesh.builder(accounts.closed, AwsLocal.role(accounts.finance, "mesh-reader"))
                .open();
        Rows<Price> rows = mesh.client().read(PRICES).as(Price.class).rows()) {
      assertThat(rows.stream()).extracting(Price::id).containsExactly("1");
      assertThatThrownBy(() -> mesh.client().read(ORDERS).as(Price.class).rows())
          .isInstanceOf(AccessDeniedException.class);
    }
  }

  @Test
  void aSecondRunReadsThePolicyAndWritesNothing() {
    accounts.mirror();
    accounts.publish(PRICES);
    accounts.mirror();
    aws.reset();

    assertThat(accounts.mirror().isEmpty()).isTrue();

    assertThat(count("s3:PutBucketPolicy")).isZero();
    assertThat(count("s3:GetBucketPolicy")).isOne();
    assertThat(accounts.verify()).isEmpty();
  }

  @Test
  void theTextOfTheOthersStaysAsItIsWhenAProductIsClosed() {
    useOwnAccounts();
    String others = "{\n \"Version\":\"2012-10-17\", \"Id\":\"x\",\n\"Statement\":[" + THEIRS;
    accounts.putPolicy(others + "\n]\n}");
    accounts.mirror();
    assertThat(accounts.policy())
        .startsWith(others + ",{")
        .endsWith("}\n]\n}")
        .contains(SID, "data/commerce/prices_v1/*\"")
        .doesNotContain("orders_v1");

    accounts.shop.access().closeToMesh(PRICES).commit();
    Mirrors.Report report = accounts.mirror();

    assertThat(report.total(Work.REMOVED)).isOne();
    assertThat(accounts.policy()).isEqualTo(others + "\n]\n}");
    assertThat(accounts.mirror().isEmpty()).isTrue();
  }

  @Test
  void anotherOpenProductExtendsTheStatement() {
    useOwnAccounts();
    accounts.mirror();
    accounts
        .shop
        .defineProduct("commerce/fees")
        .contract(Contract.of(Price.class))
        .openToMesh()
        .commit();
    accounts.publish("commerce/fees");

    assertThat(
            accounts
                .mirror()
                .done()
                .get("opendata-" + accounts.commerce + " in " + accounts.commerce))
        .containsEntry(Work.CHANGED, 1L);

    assertThat(accounts.policy())
        .containsOnlyOnce(SID)
        .contains("/data/commerce/fees_v1/*", "/data/commerce/prices_v1/*");
  }

  @Test
  void withoutOpenDataInTheConfigurationTheStatementIsRemoved() {
    String before = accounts.policy();
    accounts.mirror();
    assertThat(accounts.policy()).contains(SID);

    assertThat(accounts.mirror(accounts.closed).total(Work.REMOVED)).isOne();

    assertThat(accounts.policy()).isEqualTo(before);
    aws.reset();
    assertThat(accounts.mirror(accounts.closed).isEmpty()).isTrue();
    assertThat(count("s3:GetBucketPolicy")).isZero();
  }

  @Test
  void aStatementThatOthersRemovedIsMadeAgain() {
    String before = accounts.policy();
    accounts.mirror();
    String mirrored = accounts.policy();
    accounts.putPolicy(before);

    assertThat(codes(accounts.verify())).containsExactly(FindingCode.MIRROR_MISSING);
    assertThat(accounts.mirror().total(Work.MADE)).isOne();

    assertThat(accounts.policy()).isEqualTo(mirrored);
  }

  @Test
  void aStatementThatOthersChangedIsRestoredByARepairOnly() {
    accounts.mirror();
    String mirrored = accounts.policy();
    String changed = mirrored.replace("prices_v1/*", "*");
    accounts.putPolicy(changed);

    assertThat(codes(accounts.verify())).containsExactly(FindingCode.MIRROR_CHANGED);
    accounts.mirror();
    assertThat(accounts.policy()).isEqualTo(changed);

    assertThat(accounts.repair().total(Work.RESTORED)).isOne();
    assertThat(accounts.policy()).isEqualTo(mirrored);
  }

  @Test
  void aStatementOfOthersWithTheSameIdIsNeverChanged() {
    String theirs = Policies.policy(THEIRS.replace("Theirs", "MeshOpenDatacommerce"));
    accounts.putPolicy(theirs);

    assertThat(codes(accounts.mirror().remaining())).containsExactly(FindingCode.MIRROR_FOREIGN);
    assertThat(codes(accounts.repair().remaining())).containsExactly(FindingCode.MIRROR_FOREIGN);

    assertThat(accounts.policy()).isEqualTo(theirs);
  }

  @Test
  void oneTextAndAListOfItAreTheSameStatement() {
    accounts.mirror();
    String folder = "\"arn:aws:s3:::" + accounts.bucket + "/data/commerce/prices_v1/*\"";
    accounts.putPolicy(
        accounts
            .policy()
            .replace("[" + folder + "]", folder)
            .replace("\"Principal\":\"*\",\"Res", "\"Principal\":{\"AWS\":\"*\"},\"Res"));

    assertThat(accounts.policy()).contains("{\"AWS\":\"*\"}", "\"Resource\":" + folder);
    assertThat(accounts.verify()).isEmpty();
    assertThat(accounts.mirror().isEmpty()).isTrue();
  }

  @Test
  void aPolicyThatWouldBeTooLargeStaysAsItIs() {
    String large = Policies.policy(THEIRS.replace("Theirs", "A".repeat(20_100)));
    accounts.putPolicy(large);

    List<Finding> left = accounts.mirror().remaining();

    assertThat(codes(left)).containsExactly(FindingCode.MIRROR_FAILED);
    assertThat(left.get(0).what()).contains("bytes", "20480", accounts.bucket);
    assertThat(accounts.policy()).isEqualTo(large);
  }

  @Test
  void aRoleThatMayNotReadThePolicyHasAStepByHand() {
    useOwnAccounts();
    accounts.createRole(accounts.commerce, "mesh-mirror");

    Plan<Mirrors.Report> plan = accounts.mirrors().plan();

    assertThat(codes(plan.findings())).containsExactly(FindingCode.MIRROR_UNREACHABLE);
    assertThat(plan.steps())
        .filteredOn(step -> step.verb().equals("by hand"))
        .singleElement()
        .satisfies(
            step ->
                assertThat(step.detail())
                    .contains(
                        "aws s3api get-bucket-policy --bucket " + accounts.bucket,
                        "aws s3api put-bucket-policy --bucket " + accounts.bucket,
                        "select(.Sid != \"MeshOpenDatacommerce\")",
                        "\"aws:PrincipalOrgID\":[\"o-" + accounts.governance.substring(2) + "\"]"));
  }

  @Test
  void thePrintedPolicyOfTheMirrorIsEnoughToMakeAndDeleteAPolicy() {
    useOwnAccounts();
    accounts.createRole(
        accounts.commerce,
        "mesh-mirror",
        AwsPolicies.of(accounts.config).openDataMirror(accounts.commerce));
    accounts.deletePolicy();

    assertThat(accounts.mirror().remaining()).isEmpty();
    assertThat(accounts.policy()).startsWith("{\"Version\":\"2012-10-17\",\"Statement\":[{");
    accounts.mirror(accounts.closed);

    assertThat(accounts.hasPolicy()).isFalse();
  }
}
