package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A product that another domain reads with grants, for the suites of grants. */
abstract class GrantFixture extends MeshFixture {
  static final Principal ETL = Principal.of("finance", "etl");
  static final Principal ANALYST = Principal.of("finance", "analyst");

  /** Defines orders without grants, and registers a second domain. */
  MeshClient shopBesideFinance() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    registerFinance();
    return shop;
  }

  MeshClient finance() {
    return as("finance");
  }

  /** Asserts that the principal is denied and that no data file is opened. */
  void assertReadsNothing(Principal who, String... facts) {
    int filesRead =
        files.dataFilesAsked(
            () ->
                assertThatThrownBy(() -> all(mesh.clientAs(who).read(ORDERS)))
                    .isInstanceOfSatisfying(
                        AccessDeniedException.class,
                        denied -> {
                          assertThat(denied.errorCode()).isEqualTo(ErrorCode.ACCESS_DENIED);
                          assertThat(denied.missing()).isNotBlank();
                          assertThat(denied.whoCanGrant()).isNotEmpty();
                        })
                    .hasMessageContainingAll(ORDERS, who.toString())
                    .hasMessageContainingAll(facts));
    assertThat(filesRead).as("data files opened by " + who).isZero();
  }

  void assertReadsAll(Principal who) {
    assertThat(all(mesh.clientAs(who).read(ORDERS).as(Order.class))).isEqualTo(Order.range(0, 3));
  }

  List<String> columnsOf(Principal who) {
    return mesh.clientAs(who).access().explain(who, ORDERS).columns();
  }

  /** Returns the columns that the principal reads; none if it is denied. */
  Set<String> columnsRead(Principal who) {
    Set<String> columns = new TreeSet<>();
    Throwable denied =
        catchThrowable(
            () ->
                all(mesh.clientAs(who).read(ORDERS).asMaps())
                    .forEach(row -> columns.addAll(row.keySet())));
    if (denied != null) {
      assertThat(denied).isInstanceOf(AccessDeniedException.class);
    }
    return columns;
  }
}
