package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.AuthorizationSummary;
import io.meshwork.access.AccessClient.Authorize;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Principal;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A product whose owner authorizes a central account, for the suites of authorizations. */
abstract class AuthorizationFixture extends MeshFixture {
  static final Principal STEWARD = Principal.of("central", "steward");
  static final Principal ETL = Principal.of("finance", "etl");
  static final Principal ANALYST = Principal.of("finance", "analyst");
  static final Principal DEPUTY = Principal.of("growth", "deputy");

  /** Defines orders without grants. The central account belongs to no domain. */
  MeshClient shopBesideOthers() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    registerFinance();
    return shop;
  }

  MeshClient steward() {
    return mesh.clientAs(STEWARD);
  }

  void assertUnauthorized(ThrowingCallable call, String... facts) {
    State before = state();
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            denied -> {
              assertThat(denied.errorCode()).isEqualTo(ErrorCode.ACCESS_DENIED);
              assertThat(denied.missing()).contains("authorization", "commerce");
              assertThat(denied.whoCanGrant()).containsExactly("shop@example.org");
            })
        .hasMessageContainingAll(facts)
        .hasMessageContaining("Nothing was changed")
        .hasMessageNotContaining(CANARY);
    assertNothingChanged(before);
  }

  TreeSet<String> columnsReadBy(Principal who) {
    return new TreeSet<>(mesh.clientAs(who).access().explain(who, ORDERS).columns());
  }

  Authorize.ByName one(String product) {
    return shop().access().authorize(product).executors(STEWARD).because("Stewards share");
  }

  Authorize<?> ofDomain() {
    return shop().access().authorizeDomain("commerce").executors(STEWARD).because("Stewards share");
  }

  AuthorizationSummary standing() {
    return one(ORDERS).forAnyConsumer().commit();
  }

  /** Authorizes a deputy who may authorize others. */
  AuthorizationSummary delegated() {
    return shop()
        .access()
        .authorizeDomain("commerce")
        .executors(DEPUTY)
        .forAnyConsumer()
        .allowDelegation()
        .because("Growth shares for us")
        .commit();
  }

  /** What a delegate authorizes the stewards for. */
  Authorize.ByName byDelegate(MeshClient delegate) {
    return delegate
        .access()
        .authorize(ORDERS)
        .executors(STEWARD)
        .consumers(ETL)
        .because("Stewards carry it out");
  }

  GrantSummary granted(Principal to) {
    return steward().grant(ORDERS).to(to).because("Revenue").commit().get(0);
  }

  /** Sends a request for a column and returns its ID. */
  String requested() {
    return as("finance")
        .requests()
        .requestAccess(ORDERS)
        .columns("id")
        .purpose("Revenue")
        .commit()
        .id();
  }
}
