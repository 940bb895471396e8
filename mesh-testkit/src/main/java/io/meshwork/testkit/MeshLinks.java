package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.EventDetails;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Transaction;
import io.meshwork.sharing.ResourceLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Products and domains have names in a consumer's own catalog, which are names and no rights. */
abstract class MeshLinks extends MeshRights {
  private static final ProductName PRODUCT = ProductName.of(ORDERS);
  private static final String LINK = "finance_db.orders";
  private static final Principal ETL = Principal.of("finance", "etl");

  private MeshClient finance() {
    return as("finance");
  }

  /** Three orders that are open to the mesh, and a domain that would like to link them. */
  private MeshClient ordersBesideFinance() {
    defineOrders().publish(ORDERS).records(Order.range(0, 3)).commit();
    return registerFinance();
  }

  private ResourceLink linkOrders() {
    return finance().linkResource(ORDERS).into("finance_db").as("orders").commit();
  }

  private ResourceLink link(String name) {
    return finance().links().stream()
        .filter(link -> link.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private List<Order> rows(String name) {
    return all(finance().read(name).as(Order.class));
  }

  private List<MeshEvent> told() {
    return finance().events("finance").list();
  }

  private String nextAttempt() {
    return io.meshwork.internal.runtime.Ids.secure(clock).next();
  }

  private void put(Key key, String json) {
    Optional<Document> before = registry.read(key);
    Transaction.Builder change = Transaction.attempt(nextAttempt());
    write(
        before.isPresent()
            ? change.replace(key, json, before.get().version())
            : change.insert(key, json));
  }

  private void remove(Key key) {
    write(
        Transaction.attempt(nextAttempt())
            .delete(key, registry.read(key).orElseThrow().version()));
  }

  private void write(Transaction.Builder change) {
    assertThat(registry.commit(change.build())).isEqualTo(Outcome.COMMITTED);
  }

  private String text(Key key) {
    return registry.read(key).orElseThrow().json();
  }

  /** A second major of the orders, with the rows that the first has now, becomes the current one. */
  private void openSecondMajor() {
    Key contract = new Key("commerce/orders", "contract/1.0.0");
    put(new Key("commerce/orders", "contract/2.0.0"), text(contract).replace("1.0.0", "2.0.0"));
    put(
        new Key("commerce/orders", "table/orders_v2"),
        text(new Key("commerce/orders", "table/orders_v1")));
    put(
        Keys.major(PRODUCT, 2),
        text(Keys.major(PRODUCT, 1)).replace("1.0.0", "2.0.0").replace("\"major\":1", "\"major\":2"));
    shop().publish(ORDERS).records(Order.range(3, 5)).commit();
    put(
        Keys.product(PRODUCT),
        text(Keys.product(PRODUCT)).replace("\"currentMajor\":1", "\"currentMajor\":2"));
  }

  private void retire(int major) {
    put(Keys.major(PRODUCT, major), text(Keys.major(PRODUCT, major)).replace("ACTIVE", "RETIRED"));
  }

  private List<Finding> found(String code) {
    return mesh.doctor().findings().stream().filter(one -> one.code().equals(code)).toList();
  }

  private static void assertTaken(ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContainingAll(words)
        .hasMessageContaining("Nothing was changed");
  }

  private static void assertNotFound(ThrowingCallable call, String... words) {
    assertThatThrownBy(call).isInstanceOf(NotFoundException.class).hasMessageContainingAll(words);
  }

  @Test
  void whateverConsumesTakesALinksNameForTheProducts() {
    MeshClient finance = ordersBesideFinance();

    ResourceLink made = linkOrders();

    assertThat(made)
        .isEqualTo(
            new ResourceLink(LINK, ORDERS, Optional.of(1), false, ETL, ResourceLink.State.VALID, true, ""));
    assertThat(rows(LINK)).isEqualTo(Order.range(0, 3));
    assertThat(finance.describe(LINK)).isEqualTo(finance.describe(ORDERS));
    assertThat(finance.history(LINK)).isEqualTo(finance.history(ORDERS));
    assertThat(finance.qualityHistory(LINK)).isEqualTo(finance.qualityHistory(ORDERS));
    assertThat(finance.explainAccess(ETL, LINK)).isEqualTo(finance.explainAccess(ETL, ORDERS));
    assertThat(finance.read(LINK).snapshots()).hasSize(1);
    Subscription<Order> totals =
        finance.subscribe(LINK).named("totals").forPurpose("Totals").as(Order.class).commit();
    assertThat(totals.product()).isEqualTo(PRODUCT);
    try (Batch<Order> batch = totals.poll()) {
      assertThat(batch).hasSize(3);
      batch.ack();
    }
    assertThat(mesh.actingAs(Principal.of("finance", "analyst")).links()).containsExactly(made);
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void theSameLinkAgainIsTheSameLinkAndIsLoggedOnce() {
    MeshClient finance = ordersBesideFinance();
    ResourceLink made = linkOrders();
    long entries = told().size();

    assertThat(linkOrders()).isEqualTo(made);
    assertThat(finance.linkResource(ORDERS).into("finance_db").commit()).isEqualTo(made);
    assertThat(finance.linkResource(ORDERS).into("finance_db").plan().isEmpty()).isTrue();
    assertThat(told()).hasSize((int) entries);
    MeshEvent event = told().get(told().size() - 1);
    assertThat(event.type()).isEqualTo(MeshEvent.LINK_MADE);
    assertThat(event.subject()).isEqualTo(ORDERS);
    assertThat(event.details())
        .isEqualTo(
            new EventDetails.Linked(
                LINK, ORDERS, Optional.of(1), false, Optional.empty(), Optional.empty()));
  }
}
