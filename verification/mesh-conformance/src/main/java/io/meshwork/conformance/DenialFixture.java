package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.AccessDeniedException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts denials that name the contact of the owner. */
abstract class DenialFixture extends MeshFixture {
  static void assertDenied(ThrowingCallable call, String... facts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            denied -> {
              assertThat(denied.whoCanGrant()).containsExactly("shop@example.org");
              assertThat(denied.missing()).isNotBlank();
            })
        .hasMessageContainingAll(facts)
        .hasMessageContaining("shop@example.org");
  }
}
