package io.meshwork.internal.conformance.discovery;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.link.ResourceLink;
import io.meshwork.product.ProductName;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A product that another domain links to, for the suites of links. */
abstract class LinkFixture extends MeshFixture {
  static final ProductName PRODUCT = ProductName.of(ORDERS);
  static final String LINK = "finance_db.orders";

  MeshClient finance() {
    return as("finance");
  }

  /** Defines three orders that are open to the mesh, and registers a second domain. */
  MeshClient ordersBesideFinance() {
    defineOrders().publish(ORDERS).records(Order.range(0, 3)).commit();
    return registerFinance();
  }

  ResourceLink linkOrders() {
    return finance().linkResource(ORDERS).database("finance_db").name("orders").commit();
  }

  ResourceLink link(String name) {
    return finance().links().stream()
        .filter(link -> link.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  List<Order> rows(String name) {
    return all(finance().read(name).as(Order.class));
  }

  List<MeshEvent> financeEvents() {
    return finance().events(consumerLog("finance")).list();
  }

  static void assertNotFound(ThrowingCallable call, String... words) {
    assertThatThrownBy(call).isInstanceOf(NotFoundException.class).hasMessageContainingAll(words);
  }
}
