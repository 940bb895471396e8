package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.request.AccessRequest;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * An analyst of another domain requests access to orders, and the deciders of their domain answer.
 */
abstract class AccessRequestFixture extends MeshFixture {
  static final Principal ANALYST = Principal.of("finance", "analyst");

  static final Principal LEAD = Principal.of("commerce", "lead");

  static final Principal PRIVACY = Principal.of("commerce", "privacy");

  static Contract sensitive() {
    return Contract.of(Order.class).classification(Classification.CONFIDENTIAL, "customer");
  }

  /** Defines orders that only their own domain can read, and registers a second domain. */
  final void ordersBesideFinance(Contract contract) {
    MeshClient shop = registerShop();
    shop.registerDomain("commerce")
        .administrators(shop.principal(), LEAD)
        .deciders(LEAD, PRIVACY)
        .commit();
    shop.defineProduct(ORDERS).contract(contract).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    registerFinance();
  }

  final MeshClient analyst() {
    return mesh.clientAs(ANALYST);
  }

  final MeshClient lead() {
    return mesh.clientAs(LEAD);
  }

  final MeshClient privacy() {
    return mesh.clientAs(PRIVACY);
  }

  final AccessRequest ask() {
    return analyst().requests().requestAccess(ORDERS).purpose("Audit").commit();
  }

  final List<String> readable() {
    return analyst().access().explain(ANALYST, ORDERS).columns();
  }

  final void assertNotReadable() {
    assertThat(readable()).isEmpty();
    assertThatThrownBy(() -> all(analyst().read(ORDERS)))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("requestAccess(\"" + ORDERS + "\")");
  }

  static void assertSettled(ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ConflictException.class,
            settled -> {
              assertThat(settled.errorCode()).isEqualTo(ErrorCode.STATE_CONFLICT);
              assertThat(settled.retryable()).isFalse();
            })
        .hasMessageContaining("Nothing was changed")
        .hasMessageContainingAll(words);
  }

  static void assertNotAllowed(ErrorCode code, ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            denied -> {
              assertThat(denied.errorCode()).isEqualTo(code);
              assertThat(denied.missing()).isNotBlank();
            })
        .hasMessageContaining("Nothing was changed")
        .hasMessageContainingAll(words);
  }
}
