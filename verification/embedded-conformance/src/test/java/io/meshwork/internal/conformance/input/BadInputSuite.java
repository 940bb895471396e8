package io.meshwork.internal.conformance.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Invalid input is rejected with an exception class, an error code, facts, and a fix, and changes
 * nothing.
 */
abstract class BadInputSuite extends MeshFixture {
  static List<BadInput> inputs() {
    return BadInputs.all();
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void invalidInputIsRejectedWithFactsAndChangesNothing(BadInput input) throws Exception {
    defineOrders().publish(ORDERS).records(Order.range(0, 1)).idempotencyKey("first").commit();
    input.before().on(this);
    State before = state();

    Throwable thrown = catchThrowable(() -> input.attempt().on(this));

    assertThat(thrown).isInstanceOf(input.kind()).hasMessageContainingAll(expected(input));
    MeshException refused = (MeshException) thrown;
    assertThat(refused.errorCode()).isEqualTo(input.code());
    assertThat(refused).hasMessageEndingWith("[" + input.code().code() + "]");
    assertThat(refused.getMessage()).doesNotContain(CANARY, "77.31", "7731177311");
    assertNothingChanged(before);
    if (!input.damaged()) {
      assertWhole();
    }
  }

  private static CharSequence[] expected(BadInput input) {
    return input.expected().isEmpty()
        ? new CharSequence[] {"Choose"}
        : input.expected().toArray(CharSequence[]::new);
  }
}
