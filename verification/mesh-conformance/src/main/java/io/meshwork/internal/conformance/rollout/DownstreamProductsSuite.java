package io.meshwork.internal.conformance.rollout;

import static io.meshwork.contract.Rule.references;
import static io.meshwork.contract.Rule.sameRowCount;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ContractDifference;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Customers;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Ids;
import io.meshwork.internal.conformance.fixture.RolloutFixture;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.Publish;
import io.meshwork.rollout.Rollout.Downstream;
import io.meshwork.rollout.StartRollout.RolloutPlan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The plan of a rollout names the products that depend on the product, directly or through others.
 */
public abstract class DownstreamProductsSuite extends RolloutFixture {
  @Test
  void otherProductsThatDependOnItAreNamed() {
    MeshClient shop = shopWithRows();
    MeshClient finance = registerFinance();
    finance
        .defineProduct("finance/invoices")
        .contract(Contract.of(Ids.class).require(references("id", ORDERS, "id").id("ordered")))
        .commit();

    assertThat(rollOut(shop).plan().downstream())
        .extracting(Downstream::toString)
        .containsExactly(
            "finance/invoices  rule ordered refers to it  columns id  contact finance@example.org");
  }

  @Test
  void productsThatDeriveFromItThroughOthersAreNamedWithThePath() {
    MeshClient shop = shopWithRows();
    MeshClient finance = registerFinance();
    Contract ids = Contract.of(Ids.class);
    finance.defineProduct("finance/a").contract(ids).commit();
    finance.defineProduct("finance/b").contract(ids).commit();
    finance
        .defineProduct("finance/c")
        .contract(ids.require(references("id", "finance/a", "id").id("known").warn()))
        .commit();
    finance.defineProduct("finance/other").contract(Contract.of(Ids.class)).commit();
    derive(finance, ORDERS, "finance/a");
    derive(finance, "finance/a", "finance/b");
    derive(finance, "finance/b", "finance/c");
    derive(finance, "finance/c", "finance/a");
    derive(finance, "finance/other", "finance/other");

    List<Downstream> downstream = rollOut(shop).plan().downstream();

    String contact = "  contact finance@example.org";
    assertThat(downstream)
        .extracting(Downstream::toString)
        .containsExactly(
            "finance/a  derives from it" + contact,
            "finance/b  derives from it through finance/a" + contact,
            "finance/c  rule known refers to it through finance/a  columns id" + contact,
            "finance/c  derives from it through finance/a, finance/b" + contact);
    assertThat(downstream)
        .as("a derivation without columns may use those that change")
        .filteredOn(product -> !product.isSafe())
        .extracting(Downstream::product)
        .containsExactly(ProductName.of("finance/a"));
    assertThat(rollOut(shop).plan().toString())
        .contains("affects finance/c  derives from it through finance/a, finance/b");
  }

  @Test
  void aProductThatDependsOnItIsNamedWithItsOwnerItsColumnsAndWhatBreaksIt() {
    MeshClient shop = shopWithRows();
    MeshClient finance = registerFinance();
    finance
        .defineProduct("finance/counts")
        .contract(Contract.of(Ids.class).require(sameRowCount(ORDERS).id("same")))
        .commit();
    finance.defineProduct("finance/ids").contract(Contract.of(Ids.class)).commit();
    finance.defineProduct("finance/more").contract(Contract.of(Customers.class)).commit();
    finance
        .defineProduct("finance/names")
        .contract(
            Contract.of(Customers.class)
                .require(references("customer", ORDERS, "customer").id("known")))
        .owner("names@example.org")
        .commit();
    Snapshot orders = snapshot(finance, ORDERS);
    List<Customers> names = List.of(new Customers("customer 1"));
    finance
        .publish("finance/ids")
        .records(List.of(new Ids(1)))
        .derivedFrom(orders, "id=id")
        .commit();
    finance
        .publish("finance/names")
        .records(names)
        .derivedFrom(orders, "customer=customer")
        .commit();
    finance
        .publish("finance/more")
        .records(names)
        .derivedFrom(snapshot(finance, "finance/names"), "customer=customer")
        .commit();

    RolloutPlan plan = rollOut(shop).plan();

    assertThat(plan.downstream())
        .extracting(Downstream::toString)
        .containsExactly(
            "finance/counts  rule same refers to it  contact finance@example.org",
            "finance/ids  derives from it  columns id  contact finance@example.org",
            "finance/names  derives from it  columns customer  contact names@example.org",
            "finance/names  rule known refers to it  columns customer  contact names@example.org",
            "finance/more  derives from it through finance/names  columns customer"
                + "  contact finance@example.org");
    assertThat(plan.downstream())
        .filteredOn(product -> !product.isSafe())
        .allSatisfy(
            product ->
                assertThat(product.breaks())
                    .extracting(ContractDifference.Change::path)
                    .containsOnly("customer"))
        .extracting(Downstream::because)
        .containsExactly("derives from it", "rule known refers to it");
    assertThat(plan.toString())
        .contains(
            "affects finance/names  rule known refers to it  columns customer"
                + "  contact names@example.org\n            by customer was renamed to buyer");
  }

  private static Snapshot snapshot(MeshClient client, String product) {
    try (Rows<?> rows = client.read(product).rows()) {
      return rows.snapshot().orElseThrow();
    }
  }

  @Test
  void aDerivationIsFoundBehindManyEntriesAndMonths() {
    MeshClient shop = shopWithRows();
    MeshClient finance = registerFinance();
    finance.defineProduct("finance/a").contract(Contract.of(Ids.class)).commit();
    derive(finance, ORDERS, "finance/a");
    finance.erase("finance/a").where("id = 1").because("They asked.").commit();
    for (int i = 0; i < 101; i++) {
      String text = "Text " + i;
      finance.amendContract("finance/a").change(contract -> contract.description(text)).commit();
    }
    clock.advance(Duration.ofDays(200));

    RolloutPlan plan = rollOut(shop).plan();

    assertThat(plan.downstream())
        .extracting(Downstream::toString)
        .containsExactly("finance/a  derives from it  contact finance@example.org");
    assertThat(plan.findings())
        .extracting(Finding::code)
        .doesNotContain(FindingCode.DOWNSTREAM_INCOMPLETE);
    finance.publish("finance/a").records(List.of(new Ids(5))).commit();
    assertThat(rollOut(shop).plan().downstream()).isEmpty();
  }

  private static void derive(MeshClient client, String input, String product) {
    Optional<Snapshot> snapshot;
    try (Rows<?> rows = client.read(input).columns("id").rows()) {
      snapshot = rows.snapshot();
    }
    Publish<Ids> publish = client.publish(product).records(List.of(new Ids(1), new Ids(2)));
    (snapshot.isPresent() ? publish.derivedFrom(snapshot.get()) : publish).commit();
  }
}
