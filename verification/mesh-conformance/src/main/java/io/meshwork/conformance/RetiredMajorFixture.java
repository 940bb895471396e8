package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.registry.Registry.Key;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Operations that the suites of retirements, restored versions, purges, and aborts share. */
abstract class RetiredMajorFixture extends RetirementFixture {
  static void assertConflict(ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ConflictException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.STATE_CONFLICT))
        .satisfies(
            refused -> {
              for (String word : words) {
                assertThat(refused).hasMessageContaining(word);
              }
            });
  }

  static void assertRetired(ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            NotFoundException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.MAJOR_RETIRED))
        .satisfies(
            refused -> {
              for (String word : words) {
                assertThat(refused).hasMessageContaining(word);
              }
            });
  }

  String json(String sort) {
    return registry.read(new Key("commerce/orders", sort)).orElseThrow().json();
  }
}
