package io.meshwork.aws.internal.mirror;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.BackendException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.lakeformation.model.LakeFormationException;

/** What a failed request left. */
class LakeFormationFailureTest {
  private static final String OPEN = "may have taken effect";
  private static final String NOTHING = "Nothing was changed.";

  private final LakeFormationFailure failure =
      new LakeFormationFailure("mesh-mirror", "111111111111", "eu-central-1");

  @Test
  void aChangeWithoutAReplyMayHaveTakenEffect() {
    assertState("BatchGrantPermissions", lost(), OPEN);
    assertState("BatchGrantPermissions", rejected(500, "InternalServiceException"), OPEN);
  }

  @Test
  void aReadOrARejectedChangeChangedNothing() {
    assertState("ListPermissions", lost(), NOTHING);
    assertState("BatchGrantPermissions", rejected(400, "ThrottledException"), NOTHING);
    assertState("BatchGrantPermissions", rejected(403, "ExpiredTokenException"), NOTHING);
  }

  private void assertState(String operation, RuntimeException thrown, String state) {
    assertThatThrownBy(
            () ->
                failure.send(
                    operation,
                    "commerce",
                    () -> {
                      throw thrown;
                    }))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining(state);
  }

  private static RuntimeException lost() {
    return new UncheckedIOException(new SocketTimeoutException("no reply"));
  }

  private static RuntimeException rejected(int status, String code) {
    return LakeFormationException.builder()
        .statusCode(status)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(code).build())
        .build();
  }
}
