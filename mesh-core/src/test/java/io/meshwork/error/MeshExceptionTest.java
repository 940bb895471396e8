package io.meshwork.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.MeshAction.Verb;
import org.junit.jupiter.api.Test;

class MeshExceptionTest {
  @Test
  void theCodeOccursOnceAtTheEndEvenIfTheMessageQuotesAnother() {
    MeshException quoted =
        Failure.of(MeshAction.of(Verb.USE, "rule 'a'"))
            .because("it has no end")
            .invalidRequest(ErrorCode.RULE_INVALID);

    MeshException exception =
        Failure.of(MeshAction.of(Verb.READ, "a contract"))
            .because(quoted.getMessage())
            .state("")
            .invalidRequest(ErrorCode.RULE_INVALID);

    assertThat(exception)
        .hasMessage(
            "Cannot read a contract: Cannot use rule 'a': it has no end. Nothing was changed."
                + " [MESH-1007]");
  }
}
