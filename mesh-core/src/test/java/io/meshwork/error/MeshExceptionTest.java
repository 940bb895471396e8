package io.meshwork.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MeshExceptionTest {
  @Test
  void theCodeOccursOnceAtTheEndEvenIfTheMessageQuotesAnother() {
    MeshException quoted =
        new InvalidRequestException(ErrorCode.RULE_INVALID, "Cannot use rule 'a': it has no end.");

    MeshException exception =
        new InvalidRequestException(
            ErrorCode.RULE_INVALID, "Cannot read a contract: " + quoted.getMessage());

    assertThat(exception)
        .hasMessage("Cannot read a contract: Cannot use rule 'a': it has no end. [MESH-1007]");
  }
}
