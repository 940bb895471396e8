package io.meshwork.aws;

import static io.meshwork.aws.OpenDataAccounts.PRICES;
import static io.meshwork.aws.OpenDataAccounts.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users learn which files the configuration does not open, and which stay open too long. */
class MirrorOpenDomainsTest extends EmulatorFixture {
  private static OpenDataAccounts accounts;
  private static int products;

  /** An open product that is mirrored. */
  private String product = "";

  @BeforeAll
  static void start() {
    accounts = OpenDataAccounts.make(aws);
    accounts.shop.access().closeToMesh(PRICES).commit();
  }

  @AfterAll
  static void stop() {
    if (accounts != null) { // null if the emulator is missing
      accounts.close();
    }
  }

  @BeforeEach
  void openAProduct() {
    product = open("commerce/fees" + products++);
    accounts.mirror();
  }

  @AfterEach
  void closeIt() {
    accounts.shop.access().closeToMesh(product).commit();
  }

  private static String open(String name) {
    accounts
        .shop
        .defineProduct(name)
        .contract(Contract.of(OpenDataAccounts.Price.class))
        .openToMesh()
        .commit();
    accounts.publish(name);
    return name;
  }

  @Test
  void aDomainThatTheMeshDoesNotHaveIsAnError() {
    AwsConfig misspelt = accounts.closed.openData(accounts.organization, "comerce");
    try (Mesh mesh = accounts.process(misspelt)) {
      List<Finding> planned = mesh.mirrors().plan().findings();

      assertThat(planned)
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.code()).isEqualTo(FindingCode.OPEN_DOMAIN_UNKNOWN);
                assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR);
                assertThat(finding.where()).isEqualTo("openData comerce");
                assertThat(finding.what()).contains("'comerce'", "commerce, finance.");
                assertThat(finding.fix()).startsWith("Did you mean 'commerce'? ");
              });
      assertThat(mesh.mirrors().verify().findings()).containsAll(planned);
    }
  }

  @Test
  void theOtherDomainsStayOpen() {
    AwsConfig half = accounts.closed.openData(accounts.organization, "commerce", "no-domain");

    assertThat(codes(accounts.mirror(half).remaining()))
        .containsExactly(FindingCode.OPEN_DOMAIN_UNKNOWN);

    assertThat(accounts.policy()).contains("MeshOpenDatacommerce");
    assertThat(codes(accounts.verify())).isEmpty();
  }

  @Test
  void theStatementOfAClosedProductIsSuperfluousUntilTheMirrorsRun() {
    accounts.shop.access().closeToMesh(product).commit();

    assertThat(accounts.verify())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.MIRROR_SUPERFLUOUS);
              assertThat(finding.where()).contains(accounts.bucket + "/commerce");
            });
    accounts.mirror();
    assertThat(accounts.verify()).isEmpty();
    assertThat(accounts.policy()).doesNotContain("MeshOpenData");
  }

  @Test
  void aStatementThatStillNamesAClosedProductIsOverdueAfterAnHour() {
    String other = open("commerce/other");
    accounts.mirror();
    accounts.shop.access().closeToMesh(other).commit();
    assertThat(accounts.verify()).isEmpty();
    ManualClock later = ManualClock.at(Instant.now().plus(Duration.ofMinutes(61)));

    try (Mesh mesh =
        AwsLocal.quick(accounts.config, accounts.governance, "operator").clock(later).open()) {
      assertThat(codes(mesh.mirrors().verify().findings()))
          .containsExactly(FindingCode.MIRROR_OVERDUE);
    }
  }
}
