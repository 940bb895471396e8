package io.meshwork.aws.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Assertions about what IAM permits. */
final class IamAssertions {
  private IamAssertions() {}

  /** Asserts that IAM permits a call, or denies it. */
  static void assertAllowed(boolean expected, ThrowingCallable call) {
    if (expected) {
      assertThatCode(call).doesNotThrowAnyException();
    } else {
      assertDenied(call);
    }
  }

  /** Asserts that IAM denies a call. */
  static void assertDenied(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AwsServiceException.class,
            e -> assertThat(AwsFailure.isDenied(e)).as(e.toString()).isTrue());
  }

  /** Asserts that the mesh reports a permission that is missing, with these facts. */
  static void assertMissing(ThrowingCallable call, String... facts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING);
              assertThat(e.errorCode().code()).isEqualTo("MESH-7011");
            })
        .hasMessageContainingAll(facts);
  }
}
