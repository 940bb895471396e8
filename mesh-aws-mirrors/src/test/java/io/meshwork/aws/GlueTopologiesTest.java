package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.aws.internal.mirror.glue.SessionClients;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.product.Principal;
import io.meshwork.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Table;

/** Each catalog is shown in the account of its registry. */
class GlueTopologiesTest {
  private static final Map<String, String> ACCOUNTS =
      Map.of("commerce", AwsOrganization.COMMERCE, "finance", AwsOrganization.FINANCE);

  /** Domains have names that no other test uses, because databases of an account are shared. */
  private final String suffix = Long.toString(Math.abs(System.nanoTime() % 1_000_000_000L), 36);

  private void shows(Topology topology, Map<String, String> accountOfDomain) {
    AwsConfig config = AwsOrganization.make(topology).config();
    try (Mesh mesh =
            AwsMesh.builder(config, AwsLocal.role(AwsOrganization.GOVERNANCE, "operator")).open();
        AwsClients clients = new AwsClients(config)) {
      accountOfDomain
          .keySet()
          .forEach(
              domain -> {
                String account = ACCOUNTS.get(domain.replaceAll("-.*", ""));
                var owner = mesh.clientAs(Principal.of(account, "etl"));
                mesh.client()
                    .registerDomain(domain)
                    .owner(domain + "@example.org")
                    .accounts(account)
                    .administrators(Principal.of(account, "etl"))
                    .commit();
                owner
                    .defineProduct(domain + "/orders")
                    .contract(Contract.of(SmallOrder.class))
                    .commit();
                owner.publish(domain + "/orders").records(List.of(new SmallOrder("1", 1))).commit();
              });

      Mirrors.Report report = mesh.mirrors().commit();

      assertThat(report.remaining()).extracting(Finding::toString).isEmpty();
      assertThat(report.total(Work.MADE)).isEqualTo(4);
      accountOfDomain.forEach(
          (domain, account) -> {
            GlueClient glue =
                clients.open(SessionClients.GLUE, account, AwsLocal.role(account, "mesh-mirror"));
            assertThat(
                    glue.getTables(
                            get -> get.catalogId(account).databaseName(domain.replace('-', '_')))
                        .tableList())
                .extracting(Table::name)
                .containsExactly("orders_v1");
          });
      assertThat(mesh.mirrors().commit().isEmpty()).isTrue();
      assertThat(mesh.mirrors().verify().findings()).isEmpty();
      assertThat(mesh.doctor().problems()).isEmpty();
    }
  }

  @Test
  void aCentralMeshIsShownInTheAccountOfTheMesh() {
    shows(
        Topology.central(),
        Map.of(
            "commerce-" + suffix, AwsOrganization.GOVERNANCE,
            "finance-" + suffix, AwsOrganization.GOVERNANCE));
  }

  @Test
  void eachDomainOfAFederatedMeshIsShownInItsAccount() {
    shows(
        Topology.federated(),
        Map.of("commerce", AwsOrganization.COMMERCE, "finance", AwsOrganization.FINANCE));
  }

  @Test
  void eachLineOfBusinessIsShownInItsAccount() {
    shows(
        Topology.byLineOfBusiness(
            Map.of("retail", Set.of("commerce-" + suffix), "banking", Set.of("finance-" + suffix))),
        Map.of(
            "commerce-" + suffix, AwsOrganization.COMMERCE,
            "finance-" + suffix, AwsOrganization.FINANCE));
  }
}
